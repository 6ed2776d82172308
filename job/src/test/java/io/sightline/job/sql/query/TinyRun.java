package io.sightline.job.sql.query;

import io.sightline.job.sql.LocalSpark;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.TableSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Small run directories of the fixed schema: two prompts, two layers, one float16 capture, no errors. */
public final class TinyRun {
    private TinyRun() {}

    /** Writes a run whose vectors are all multiplied by {@code scale}. */
    public static void write(LocalSpark spark, Path directory, float scale) throws IOException {
        SparkSession session = spark.session();
        List<Row> rows = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            for (String prompt : List.of("a", "b")) {
                float[] vector = new float[] {scale * layer, prompt.equals("a") ? scale : -scale, 3 * scale};
                rows.add(
                        RowFactory.create(prompt, "resid", "h." + layer, layer, "output", 0, 0, 5, "\n", vector, null));
            }
        }
        rows.add(RowFactory.create(
                "a", "half", "h.0", 0, "output", 0, 0, 5, "\n", null, new byte[] {0, 0x3c, 0, (byte) 0xc0}));
        save(session, rows, TableSchemas.ACTIVATIONS, directory.resolve("activations"));
        List<Row> prompts = List.of(
                RowFactory.create("a", "Hello, \"you\"", new int[] {5}, new String[] {"\n"}, 1, 0, "x"),
                RowFactory.create("b", "", new int[] {5}, new String[] {"\n"}, 1, 0, null));
        StructType kept = new StructType().add("label", "string");
        save(session, prompts, TableSchemas.of(RunTable.PROMPTS, kept), directory.resolve("prompts"));
        List<Row> values = List.of(RowFactory.create("a", "logits", 0, new int[] {2}, new float[] {1, 2}));
        save(session, values, TableSchemas.VALUES, directory.resolve("values"));
        Files.createDirectory(directory.resolve("errors"));
        Files.createDirectory(directory.resolve("_commits"));
        Files.writeString(
                directory.resolve("_commits/chunk-00000.json"),
                new CommitRecord(
                                0,
                                "it's \\",
                                List.of(),
                                "0",
                                "0",
                                Map.of("tokens", (long) scale),
                                Map.of("host", "here"),
                                null)
                        .toJson());
        Files.writeString(directory.resolve("manifest.json"), "{}");
    }

    private static void save(SparkSession session, List<Row> rows, StructType schema, Path directory) {
        session.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(directory.toString());
    }
}
