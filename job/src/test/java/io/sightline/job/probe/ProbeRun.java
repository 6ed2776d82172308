package io.sightline.job.probe;

import io.sightline.job.sql.LocalSpark;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.TableSchemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A run of 2,200 prompts, the last 200 of which repeat the texts of the first 200, with labels of every awkward kind. Layer 0 has a row a
 * prompt; layer 1 has two, of which only the last carries the signal. The last of the six features is constant.
 */
final class ProbeRun {
    static final int WIDTH = 6;
    static final int PROMPTS = 2200;
    private static final int DISTINCT = 2000;

    private static final StructType KEPT = new StructType()
            .add("noisy", DataTypes.StringType)
            .add("separable", DataTypes.BooleanType)
            .add("lonely", DataTypes.StringType)
            .add("nothing", DataTypes.StringType)
            .add("three", DataTypes.StringType)
            .add("many", DataTypes.IntegerType)
            .add("score", DataTypes.DoubleType)
            .add("rare", DataTypes.StringType);

    private ProbeRun() {}

    static void write(LocalSpark spark, Path directory) {
        List<Row> prompts = new ArrayList<>();
        List<Row> activations = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            int text = i % DISTINCT;
            String id = "p" + i;
            Random random = new Random(text * 7919L + 1);
            float[] vector = new float[WIDTH];
            for (int f = 0; f < WIDTH - 1; f++) {
                vector[f] = (float) (random.nextGaussian() * (1 + f) + 2);
            }
            vector[WIDTH - 1] = 4.2f;
            double score = 0.8 * vector[0] - 0.5 * vector[1] + 0.3 * random.nextGaussian();
            String noisy = score + 1.5 * random.nextGaussian() > 0.6 ? "yes" : "no";
            activations.add(activation(id, 0, 0, vector));
            activations.add(activation(id, 1, 0, new float[] {1, 2, 3, 4, 5, 6}));
            activations.add(activation(id, 1, 1, vector));
            prompts.add(RowFactory.create(
                    id,
                    "text " + text,
                    new int[] {text, 1},
                    new String[] {"a", "b"},
                    2,
                    0,
                    noisy,
                    vector[2] > 2,
                    i == 5 ? "alone" : i % 2 == 0 ? "a" : "b",
                    null,
                    i < 3 ? (i == 0 ? "x" : "y") : null,
                    text % 1000,
                    score,
                    i == 7 || i == 1907 ? "yes" : i % 10 == 0 && i < DISTINCT ? "no" : null));
        }
        save(spark, prompts, TableSchemas.of(RunTable.PROMPTS, KEPT), directory.resolve("prompts"));
        save(spark, activations, TableSchemas.ACTIVATIONS, directory.resolve("activations"));
    }

    private static Row activation(String id, int layer, int position, float[] vector) {
        return RowFactory.create(id, "resid", "h." + layer, layer, "output", 0, position, 1, "a", vector, null);
    }

    private static void save(LocalSpark spark, List<Row> rows, StructType schema, Path directory) {
        spark.session().createDataFrame(rows, schema).coalesce(2).write().parquet(directory.toString());
    }
}
