"use strict";
// Draws each figure from its rows alone. `report.html#only=ID,ID` shows some figures, for pictures.
(() => {
  const figures = JSON.parse(document.getElementById("data").textContent);
  const only = new URLSearchParams(location.hash.slice(1)).get("only")?.split(",");
  const charts = [];

  const element = (name, attributes, ...children) => {
    const node = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    node.append(...children);
    return node;
  };

  const words = (name) => name.replaceAll("_", " ");
  const short = (value) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;

  const column = (figure, name) => {
    const index = figure.columns.indexOf(name);
    return (row) => row[index];
  };

  const distinct = (values) => [...new Set(values)];

  const table = (figure) =>
    element("div", { class: "scroll rows" }, element("table", {},
      element("thead", {}, element("tr", {}, ...figure.columns.map((name) => element("th", { scope: "col" }, words(name))))),
      element("tbody", {}, ...figure.rows.map((row) => element("tr", {}, ...row.map((cell) =>
        element("td", typeof cell === "number" ? { class: "number" } : {}, cell === null ? "" : String(short(cell)))))))));

  const axis = (name, more) => ({ name: words(name), nameLocation: "middle", nameGap: 28, ...more });
  const base = { animation: false, aria: { enabled: true }, grid: { left: 64, right: 20, top: 44, bottom: 56 } };

  // A band is one polygon: along `high`, and back along `low`. Its corners are its data, so that the axes make room for them.
  const band = (rows, x, low, high, color) => {
    const corners = [...rows.map((r) => [x(r), high(r)]), ...rows.map((r) => [x(r), low(r)]).reverse()];
    return { type: "custom", data: corners, silent: true, clip: true, tooltip: { show: false },
      renderItem: (params, api) => params.dataIndexInside > 0 ? null
        : { type: "polygon", shape: { points: corners.map((corner) => api.coord(corner)) }, style: { fill: color, stroke: color, opacity: 0.18 } } };
  };

  // Room for the longest label on the left, with the axis' name beyond it.
  const label = (value) => value.toLocaleString("en", { maximumSignificantDigits: 6 });
  const vertical = (name, longest, more) => axis(name, { nameGap: 18 + 7 * longest, axisLabel: { formatter: label }, ...more });
  const grid = (longest, more) => ({ ...base.grid, left: 36 + 7 * longest, ...more });
  const longestOf = (labels) => Math.max(...labels.map((text) => text.length));

  // A reference has no marks on its line, so the legend shows the line alone, dashed as it is drawn.
  const legendItem = ({ name, symbol }) => symbol === "none" ? { name, itemStyle: { opacity: 0 } } : { name };

  const lines = (figure) => {
    const { x, y, series, low, high, references } = figure.drawing;
    const [xOf, yOf] = [column(figure, x), column(figure, y)];
    const nameOf = series ? column(figure, series) : () => words(y);
    const colors = ["#2563a8", "#c2541b", "#2f7d4f", "#7c4d9e", "#8a6d1a", "#b03060"];
    const drawn = [];
    distinct(figure.rows.map(nameOf)).forEach((name, i) => {
      const rows = figure.rows.filter((r) => nameOf(r) === name);
      const color = colors[i % colors.length];
      if (low && high) drawn.push(band(rows, xOf, column(figure, low), column(figure, high), color));
      drawn.push({ type: "line", name: String(name), data: rows.map((r) => [xOf(r), yOf(r)]), symbolSize: 6, color });
      references.forEach((reference, k) => {
        const of = column(figure, reference);
        drawn.push({ type: "line", name: series ? `${name}: ${words(reference)}` : words(reference), symbol: "none", color,
          data: rows.filter((r) => of(r) !== null).map((r) => [xOf(r), of(r)]), lineStyle: { type: k ? "dotted" : "dashed", width: 1.5 } });
      });
    });
    const numbers = drawn.flatMap((s) => s.data.map((point) => point[1])).filter((v) => typeof v === "number");
    const longest = Math.max(4, longestOf(numbers.map((v) => label(Math.abs(v) < 1 ? Number(v.toFixed(1)) : Math.round(v)))));
    return { ...base, grid: grid(longest), tooltip: { trigger: "axis", valueFormatter: short },
      legend: { type: "scroll", top: 4, itemWidth: 36, data: drawn.filter((s) => s.name).map(legendItem) },
      xAxis: axis(x, { type: "value", ...(x === "layer" ? { minInterval: 1, min: "dataMin", max: "dataMax" } : {}) }),
      yAxis: vertical(y, longest, { type: "value", scale: true }), series: drawn };
  };

  const heatMap = (figure) => {
    const { x, y, value } = figure.drawing;
    const [xOf, yOf, of] = [x, y, value].map((name) => column(figure, name));
    const byNumber = (a, b) => a - b;
    const [xs, ys] = [distinct(figure.rows.map(xOf)).sort(byNumber), distinct(figure.rows.map(yOf)).sort(byNumber)];
    const values = figure.rows.map(of);
    return { ...base, grid: { ...base.grid, top: 12, bottom: 96 },
      tooltip: { formatter: ({ value: [i, j, v] }) => `${words(x)} ${xs[i]}, ${words(y)} ${ys[j]}: ${short(v)}` },
      xAxis: axis(x, { type: "category", data: xs }), yAxis: axis(y, { type: "category", data: ys, nameGap: 36 }),
      visualMap: { text: [`${words(value)}: high`, "low"], min: Math.min(...values), max: Math.max(...values), calculable: true, orient: "horizontal", left: "center", bottom: 4, itemHeight: 120,
        precision: 2, inRange: { color: ["#f2f6fb", "#8db8dd", "#2563a8", "#102a4c"] } },
      series: [{ type: "heatmap", data: figure.rows.map((r) => [xs.indexOf(xOf(r)), ys.indexOf(yOf(r)), of(r)]) }] };
  };

  const draw = { lines, heatMap };

  figures.forEach((figure) => {
    const isTable = figure.drawing.kind === "table";
    const body = isTable ? table(figure) : element("div", { class: "chart" });
    const node = element("figure", { id: figure.id, class: only?.includes(figure.id) ? "shown" : "" },
      element("figcaption", {}, element("h2", {}, figure.title), element("p", {}, figure.caption)), body,
      ...(isTable ? [] : [element("details", {}, element("summary", {}, "Data"), table(figure))]),
      element("details", {}, element("summary", {}, `SQL over ${figure.source}`), element("pre", {}, figure.sql)));
    if (only) document.body.classList.add("single");
    document.getElementById("figures").append(node);
    if (isTable || (only && !only.includes(figure.id))) return;
    const chart = echarts.init(body, null, { renderer: "svg" });
    chart.setOption(draw[figure.drawing.kind](figure));
    charts.push(chart);
  });
  addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
