package io.sightline.job.input;

import io.sightline.job.config.ConfigException;
import io.sightline.job.config.PromptSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens a prompt source with Spark's readers. */
public final class PromptReader {
    private PromptReader() {}

    /** @throws ConfigException if there is no such path, table, format, or the query is wrong */
    public static Dataset<Row> open(SparkSession spark, PromptSource prompts) {
        try {
            return switch (prompts.format()) {
                case "table" -> spark.read().options(prompts.options()).table(prompts.location());
                case "sql" -> spark.sql(prompts.location());
                default ->
                    spark.read()
                            .format(prompts.format())
                            .options(options(prompts))
                            .load(prompts.location());
            };
        } catch (Exception e) {
            // AnalysisException is a checked exception that Scala's API does not declare.
            throw new ConfigException(
                    "prompts: cannot read " + prompts.location() + " as " + prompts.format() + ": "
                            + PromptFrame.firstLine(root(e)),
                    e);
        }
    }

    /** Of a Spark job that failed the message is about the job; what went wrong is at the root. */
    private static Throwable root(Throwable e) {
        return e.getCause() == null || e.getCause() == e ? e : root(e.getCause());
    }

    /** A CSV file has a header and quotes as RFC 4180 has them, unless the options say otherwise. */
    private static Map<String, String> options(PromptSource prompts) {
        Map<String, String> options = new HashMap<>();
        if (prompts.format().equals("csv")) {
            options.put("header", "true");
            options.put("escape", "\"");
            options.put("multiLine", "true");
            if (prompts.location().endsWith(".tsv")) {
                options.put("sep", "\t");
            }
        }
        options.putAll(prompts.options());
        return options;
    }
}
