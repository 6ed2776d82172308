package io.sightline.job.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The fixed benchmark of the vector functions: one thread over 40,000 rows of 768 floats (and their float16 forms) in zstd Parquet, best of
 * several rounds. "Scan" reads and decodes the vectors and looks at one element each. Run by {@code scripts/benchmark-sql}.
 */
public final class VectorBenchmark {
    private static final int WIDTH = 768;
    private static final int ROWS = 40_000;
    private static final int ROUNDS = 7;

    private final SparkSession session;

    private VectorBenchmark(SparkSession session) {
        this.session = session;
    }

    public static void main(String[] arguments) {
        try (LocalSpark spark = LocalSpark.start("local[1]")) {
            VectorBenchmark benchmark = new VectorBenchmark(spark.session());
            benchmark.writeTable(spark.directory().resolve("vectors").toString());
            benchmark.report();
        }
    }

    private void writeTable(String path) {
        StructType schema = new StructType().add("vector", "array<float>").add("vector_f16", "binary");
        List<Integer> seeds = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            seeds.add(i);
        }
        JavaRDD<Row> rows = new JavaSparkContext(session.sparkContext())
                .parallelize(seeds, 2)
                .map(seed -> {
                    float[] vector = Adversaries.gaussian(new Random(seed), WIDTH, 1);
                    return RowFactory.create(vector, Adversaries.halves(vector));
                });
        session.createDataFrame(rows, schema)
                .write()
                .option("compression", "zstd")
                .option("parquet.enable.dictionary", "false")
                .parquet(path);
        session.read().parquet(path).createOrReplaceTempView("vectors");
    }

    private void report() {
        session.sql("CACHE TABLE w AS SELECT vector FROM vectors LIMIT 1");
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("scan", "SELECT sum(vector[0]) FROM vectors");
        queries.put("dot(vector, w)", "SELECT sum(dot(vector, (SELECT vector FROM w))) FROM vectors");
        queries.put("dot(vector, vector)", "SELECT sum(dot(vector, vector)) FROM vectors");
        queries.put("dot(vector, joined w)", "SELECT sum(dot(v.vector, w.vector)) FROM vectors v CROSS JOIN w");
        queries.put("cosine_similarity", "SELECT sum(cosine_similarity(vector, vector)) FROM vectors");
        queries.put("catalog dot", "SELECT sum(sightline.vectors.dot(vector, vector)) FROM vectors");
        queries.put("vector_mean", "SELECT vector_mean(vector) FROM vectors");
        queries.put("vector_variance", "SELECT vector_variance(vector) FROM vectors");
        queries.put("scan f16", "SELECT sum(length(vector_f16)) FROM vectors");
        queries.put("dot f16", "SELECT sum(dot(vector_f16, vector_f16)) FROM vectors");
        queries.put("vector_mean f16", "SELECT vector_mean(vector_f16) FROM vectors");
        Map<String, Double> micros = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            queries.forEach((name, query) -> micros.merge(name, microsARow(query), Math::min));
        }
        print(micros);
    }

    private double microsARow(String query) {
        long start = System.nanoTime();
        session.sql(query).collectAsList();
        return (System.nanoTime() - start) / 1e3 / ROWS;
    }

    private static void print(Map<String, Double> micros) {
        System.out.printf("%-24s %9s %11s %9s%n", "query", "µs a row", "over scan", "× scan");
        double scan = micros.get("scan");
        double scanHalves = micros.get("scan f16");
        micros.forEach((name, time) -> {
            double base = name.endsWith("f16") ? scanHalves : scan;
            System.out.printf("%-24s %9.2f %11.2f %9.2f%n", name, time, time - base, time / base);
        });
    }
}
