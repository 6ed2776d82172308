package io.sightline.job.sql.query;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.jline.utils.AttributedString;

/** A result as aligned columns, numbers to the right, with the number of rows under it. */
final class TableText {
    /** A table is for reading; csv and json give every row. */
    static final int MOST_ROWS = 1000;

    /** Columns of what Spark's DESCRIBE gives. */
    private static final List<String> OF_A_FUNCTION = List.of("function_desc");

    private static final Set<List<String>> DESCRIPTIONS =
            Set.of(List.of("col_name", "data_type", "comment"), List.of("info_name", "info_value"));

    private final StructField[] fields;
    private final boolean wholeTexts;
    private final List<String[]> lines = new ArrayList<>();
    private final int[] widths;

    /** @param wholeTexts whether long texts are shown in full */
    private TableText(StructField[] fields, boolean wholeTexts) {
        this.fields = fields;
        this.wholeTexts = wholeTexts;
        this.widths = new int[fields.length];
    }

    static void write(Dataset<Row> result, PrintWriter out) {
        List<Row> rows = result.takeAsList(MOST_ROWS + 1);
        List<String> columns = List.of(result.columns());
        if (isOneText(rows) || columns.equals(OF_A_FUNCTION)) {
            rows.forEach(row -> out.println(row.getString(0).strip()));
            return;
        }
        TableText table = new TableText(result.schema().fields(), DESCRIPTIONS.contains(columns));
        table.addHeader();
        rows.stream().limit(MOST_ROWS).forEach(table::add);
        table.print(out);
        out.println(
                rows.size() > MOST_ROWS
                        ? "(the first %d rows; --format csv or json gives all, LIMIT and WHERE give fewer)"
                                .formatted(MOST_ROWS)
                        : rows.size() == 1 ? "(1 row)" : "(%d rows)".formatted(rows.size()));
    }

    /** EXPLAIN and SHOW CREATE TABLE give a page of text. */
    private static boolean isOneText(List<Row> rows) {
        return rows.size() == 1
                && rows.get(0).size() == 1
                && rows.get(0).get(0) instanceof String text
                && text.contains("\n");
    }

    private void addHeader() {
        String[] names = new String[fields.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = CellText.of(fields[i].name());
        }
        addLine(names);
    }

    private void add(Row row) {
        String[] cells = new String[fields.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = wholeTexts && row.get(i) instanceof String text ? CellText.whole(text) : CellText.of(row.get(i));
        }
        addLine(cells);
    }

    private void addLine(String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
        lines.add(cells);
    }

    private void print(PrintWriter out) {
        for (int line = 0; line < lines.size(); line++) {
            out.println(joined(lines.get(line), " | ", " "));
            if (line == 0) {
                out.println(joined(new String[fields.length], "-+-", "-"));
            }
        }
    }

    private String joined(String[] cells, String separator, String filler) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i] == null ? "" : cells[i];
            String padding = filler.repeat(widths[i] - width(cell));
            boolean number = fields[i].dataType() instanceof NumericType;
            text.append(i == 0 ? "" : separator).append(number ? padding + cell : cell + padding);
        }
        return text.toString().stripTrailing();
    }

    /** Terminal columns: wide characters take two, combining ones none. */
    private static int width(String cell) {
        return new AttributedString(cell).columnLength();
    }
}
