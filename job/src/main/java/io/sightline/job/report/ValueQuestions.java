package io.sightline.job.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** The figures of saved values that are one number for each prompt: whole numbers as a table, others as a distribution. */
final class ValueQuestions {
    private static final int MAX_ROWS = 10;
    private static final int MAX_COMPARED = 3;
    private static final int BINS = 24;

    private final SparkSession spark;
    private final RunContents contents;

    ValueQuestions(SparkSession spark, RunContents contents) {
        this.spark = spark;
        this.contents = contents;
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        List<String> whole = new ArrayList<>();
        for (RunContents.Scalar scalar : contents.scalars()) {
            if (scalar.isWhole()) {
                whole.add(scalar.name());
                figures.add(mostFrequent(scalar.name()));
            } else {
                figures.add(distribution(scalar.name()));
            }
        }
        for (int i = 0; i < Math.min(MAX_COMPARED, whole.size()); i++) {
            for (int j = 0; j < i; j++) {
                figures.addAll(differences(whole.get(j), whole.get(i)));
            }
        }
        return figures;
    }

    private Figure mostFrequent(String name) {
        boolean spelled = contents.hasVocabulary();
        return Figure.ask(
                spark,
                SqlText.id("values", name),
                "Most frequent values of '" + name + "'",
                "The saved numbers that occur most often" + (spelled ? ", and the tokens that have them as ids." : "."),
                "SELECT CAST(value[0] AS BIGINT) AS value, " + (spelled ? "min(token) AS token, " : "")
                        + "count(*) AS rows, round(count(*) / sum(count(*)) OVER (), 4) AS share\nFROM values"
                        + (spelled ? " LEFT JOIN vocabulary ON token_id = value[0]" : "") + " WHERE name = "
                        + SqlText.quoted(name) + "\nGROUP BY 1 ORDER BY rows DESC, value LIMIT " + MAX_ROWS,
                new Drawing.Table());
    }

    /** Where two saved numbers of the same prompt are unequal: an edited and a plain answer, say. */
    private List<Figure> differences(String first, String second) {
        String pairs = String.format(Locale.ROOT, """
                WITH pairs AS (
                  SELECT prompt_id, CAST(a.value[0] AS BIGINT) AS a, CAST(b.value[0] AS BIGINT) AS b
                  FROM (SELECT * FROM values WHERE name = %s) a JOIN (SELECT * FROM values WHERE name = %s) b USING (prompt_id, step))
                """, SqlText.quoted(first), SqlText.quoted(second));
        String both = "'" + first + "' and '" + second + "'";
        List<Figure> figures = new ArrayList<>();
        String group = contents.group();
        if (group != null) {
            figures.add(Figure.ask(
                    spark,
                    SqlText.id("differ-" + group.replaceAll("[^A-Za-z0-9_]+", "-"), first + "-" + second),
                    "How often " + both + " differ, by " + group,
                    "Rows of the values table in which the two saved numbers of one prompt are unequal.",
                    pairs + "SELECT " + SqlText.identifier(group)
                            + ", count_if(a <> b) AS different, count(*) AS rows, round(count_if(a <> b) / count(*), 4) AS share\n"
                            + "FROM pairs JOIN prompts USING (prompt_id) GROUP BY 1 ORDER BY 1",
                    new Drawing.Table()));
        }
        figures.add(Figure.ask(
                spark,
                SqlText.id("differ", first + "-" + second),
                "Where " + both + " differ",
                "The pairs of unequal numbers that occur most often.",
                pairs + mostFrequentPairs(first, second),
                new Drawing.Table()));
        return figures;
    }

    private String mostFrequentPairs(String first, String second) {
        if (!contents.hasVocabulary()) {
            return "SELECT a AS " + SqlText.identifier(first) + ", b AS " + SqlText.identifier(second)
                    + ", count(*) AS rows\nFROM pairs WHERE a <> b GROUP BY a, b ORDER BY rows DESC, a, b LIMIT "
                    + MAX_ROWS;
        }
        return "SELECT min(x.token) AS " + SqlText.identifier(first) + ", min(y.token) AS "
                + SqlText.identifier(second)
                + ", count(*) AS rows\nFROM pairs LEFT JOIN vocabulary x ON x.token_id = a LEFT JOIN vocabulary y ON y.token_id = b\n"
                + "WHERE a <> b GROUP BY a, b ORDER BY rows DESC, a, b LIMIT " + MAX_ROWS;
    }

    /** The share of each group's rows in each of some equally wide bins. */
    private Figure distribution(String name) {
        String group = contents.group();
        String series = group == null ? "'all'" : "coalesce(CAST(" + SqlText.identifier(group) + " AS STRING), 'none')";
        String column = group == null ? "of" : group;
        return Figure.ask(
                spark,
                SqlText.id("values", name),
                "Distribution of '" + name + "'" + (group == null ? "" : " by " + group),
                "The share of the rows in each of " + BINS + " equally wide bins"
                        + (group == null ? "" : ", for each " + group) + ". NaN and infinite values are left out.",
                String.format(Locale.ROOT, """
                        WITH numbers AS (
                          SELECT %1$s AS series, CAST(value[0] AS DOUBLE) AS x FROM values JOIN prompts USING (prompt_id)
                          WHERE name = %2$s AND abs(value[0]) < double('Infinity')),
                        ends AS (SELECT min(x) AS low, greatest(max(x) - min(x), 1e-9D) / %3$d AS width FROM numbers),
                        binned AS (
                          SELECT series, CAST(least(floor((x - low) / width), %3$d - 1) AS INT) AS bin, count(*) AS n
                          FROM numbers CROSS JOIN ends GROUP BY 1, 2),
                        cells AS (SELECT series, explode(sequence(0, %3$d - 1)) AS bin FROM (SELECT DISTINCT series FROM binned))
                        SELECT series AS %4$s, round(low + (bin + 0.5D) * width, 6) AS value,
                               round(coalesce(n, 0) / sum(n) OVER (PARTITION BY series), 4) AS share, coalesce(n, 0) AS rows
                        FROM cells LEFT JOIN binned USING (series, bin) CROSS JOIN ends ORDER BY 1, 2""", series, SqlText.quoted(name), BINS, SqlText.identifier(column)),
                new Drawing.Lines("value", "share", group, null, null, List.of()));
    }
}
