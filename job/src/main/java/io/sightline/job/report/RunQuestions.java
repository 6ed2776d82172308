package io.sightline.job.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** The figures of the tables that every run has; the saved values have {@link ValueQuestions}. */
final class RunQuestions {
    /** Positions, prompts and pairs beyond these are left out, by the query itself. */
    private static final int MAX_POSITIONS = 128;

    private static final int MAX_PROMPTS = 400;
    private static final int MAX_ROWS = 10;

    /** A float16 capture's vector, decoded. */
    private static final String VECTOR = "coalesce(vector, f16_decode(vector_f16))";

    private final SparkSession spark;
    private final RunContents contents;

    RunQuestions(SparkSession spark, RunContents contents) {
        this.spark = spark;
        this.contents = contents;
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>(List.of(throughput(), errors()));
        List<RunContents.Capture> layered = contents.captures().stream()
                .filter(RunContents.Capture::hasLayers)
                .toList();
        layered.forEach(capture -> figures.add(normsByLayer(capture.name())));
        layered.stream()
                .filter(capture -> capture.lastPosition() >= 0)
                .forEach(capture -> figures.add(normsByPosition(capture)));
        layered.forEach(capture -> figures.add(similarPrompts(capture.name())));
        return figures;
    }

    private Figure throughput() {
        return Figure.ask(
                spark,
                "throughput",
                "Throughput over time",
                """
                        Tokens that went through the model per second of wall clock, by the time their chunk was committed.""",
                """
                        WITH chunks AS (
                          SELECT counters.tokens AS tokens,
                                 (counters.finished_millis - min(counters.started_millis) OVER ()) / 1000.0D AS second,
                                 count(*) OVER () AS n
                          FROM commits),
                        width AS (SELECT greatest(max(second), 0.001D) / least(20, max(n)) AS seconds FROM chunks)
                        SELECT round(ceil(second / seconds) * seconds, 2) AS seconds_since_start,
                               round(sum(tokens) / first(seconds)) AS tokens_per_second,
                               count(*) AS chunks
                        FROM chunks CROSS JOIN width
                        GROUP BY 1 ORDER BY 1""",
                new Drawing.Lines("seconds_since_start", "tokens_per_second", null, null, null, List.of()));
    }

    private Figure errors() {
        return Figure.ask(
                spark,
                "errors",
                "Prompts that failed",
                "Rows of the errors table by stage and kind, with one message of each.",
                "SELECT stage, error_class, count(*) AS prompts, min(message) AS example FROM errors"
                        + " GROUP BY stage, error_class ORDER BY prompts DESC, stage, error_class LIMIT " + MAX_ROWS,
                new Drawing.Table());
    }

    private Figure normsByLayer(String name) {
        return Figure.ask(
                spark,
                SqlText.id("norms", name),
                "Norm of '" + name + "' by layer",
                "Median L2 norm of the captured vectors; the band holds the middle 90 %.",
                "WITH norms AS (SELECT layer, l2_norm(" + VECTOR + ") AS norm FROM activations WHERE name = "
                        + SqlText.quoted(name) + " AND layer IS NOT NULL)\n"
                        + "SELECT layer, percentile_approx(norm, 0.5D) AS median_norm,"
                        + " percentile_approx(norm, 0.05D) AS low, percentile_approx(norm, 0.95D) AS high,"
                        + " count(*) AS vectors\nFROM norms GROUP BY layer ORDER BY layer",
                new Drawing.Lines("layer", "median_norm", null, "low", "high", List.of()));
    }

    private Figure normsByPosition(RunContents.Capture capture) {
        String cut =
                capture.lastPosition() < MAX_POSITIONS ? "" : " Positions from " + MAX_POSITIONS + " on are left out.";
        return Figure.ask(
                spark,
                SqlText.id("positions", capture.name()),
                "Norm of '" + capture.name() + "' by layer and position",
                "Mean L2 norm; positions count real tokens from 0." + cut,
                "SELECT position, layer, round(avg(l2_norm(" + VECTOR + ")), 4) AS mean_norm, count(*) AS vectors\n"
                        + "FROM activations WHERE name = " + SqlText.quoted(capture.name())
                        + " AND layer IS NOT NULL AND position < "
                        + MAX_POSITIONS + "\nGROUP BY position, layer ORDER BY layer, position",
                new Drawing.HeatMap("position", "layer", "mean_norm"));
    }

    private Figure similarPrompts(String name) {
        String sample = contents.prompts() <= MAX_PROMPTS ? "" : ", among " + MAX_PROMPTS + " prompts chosen by hash";
        return Figure.ask(
                spark,
                SqlText.id("similar", name),
                "Most similar prompts in the last layer of '" + name + "'",
                "Cosine similarity of the last stored vectors of two different texts" + sample + ".",
                similarSql(name),
                new Drawing.Table());
    }

    private static String similarSql(String name) {
        return String.format(
                Locale.ROOT, """
                WITH picked AS (
                  SELECT prompt_id, text FROM prompts ORDER BY xxhash64(prompt_id), prompt_id LIMIT %d),
                deepest AS (
                  SELECT max(layer) AS layer FROM activations WHERE name = %s),
                last_rows AS (
                  SELECT prompt_id, max_by(%s, struct(step, coalesce(position, 0))) AS vector
                  FROM activations JOIN deepest USING (layer) WHERE name = %s GROUP BY prompt_id),
                vectors AS (
                  SELECT prompt_id, text, vector FROM last_rows JOIN picked USING (prompt_id))
                SELECT round(cosine_similarity(a.vector, b.vector), 5) AS cosine, a.text AS prompt, b.text AS other
                FROM vectors a JOIN vectors b ON a.prompt_id < b.prompt_id AND a.text <> b.text
                ORDER BY cosine DESC, a.prompt_id, b.prompt_id LIMIT %d""", MAX_PROMPTS, SqlText.quoted(name), VECTOR, SqlText.quoted(name), MAX_ROWS);
    }
}
