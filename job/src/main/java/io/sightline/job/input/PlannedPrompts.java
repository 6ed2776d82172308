package io.sightline.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sightline.job.config.ChunkLimits;
import io.sightline.job.config.ConfigException;
import io.sightline.job.input.ChunkPlanner.Bucket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Prompts with the plan that cuts them into chunks. */
public record PlannedPrompts(PromptFrame frame, ChunkPlan plan) {
    /**
     * Reads the source once, to count prompts, estimate tokens and find ids that occur twice.
     *
     * @throws ConfigException naming some of the ids that are not unique
     */
    public static PlannedPrompts plan(PromptFrame frame, ChunkLimits limits, PromptCost cost) {
        Dataset<Row> byKey = frame.rows()
                .groupBy(col("key"), col("bucket"))
                .agg(
                        count(lit(1)).as("rows"),
                        sum("tokens").as("tokens"),
                        expr("bit_xor(fingerprint)").as("fingerprint"),
                        max("identified").as("identified"));
        List<Row> rows = byKey.groupBy(col("bucket"))
                .agg(
                        sum("rows"),
                        sum("tokens"),
                        expr("bit_xor(fingerprint)"),
                        max(when(col("identified").and(col("rows").gt(1)), col("key"))),
                        sum(when(col("identified").and(col("rows").gt(1)), lit(1))
                                .otherwise(lit(0))))
                .collectAsList();
        checkUnique(rows);
        List<Bucket> buckets = new ArrayList<>(rows.size());
        for (Row row : rows) {
            buckets.add(new Bucket(row.getInt(0), row.getLong(1), row.getLong(2), row.getLong(3)));
        }
        buckets.sort(Comparator.comparingInt(Bucket::number));
        return new PlannedPrompts(frame, ChunkSize.plan(buckets, limits, cost));
    }

    private static void checkUnique(List<Row> rows) {
        List<String> doubled = rows.stream()
                .map(row -> row.getString(4))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        if (!doubled.isEmpty()) {
            long count = rows.stream().mapToLong(row -> row.getLong(5)).sum();
            throw new ConfigException("prompts.id: ids must be unique, but " + count
                    + (count == 1 ? " occurs" : " occur")
                    + " more than once: " + String.join(", ", doubled.subList(0, Math.min(5, doubled.size())))
                    + (count > 5 ? ", …" : "") + "; without an id column, ids are made from the content");
        }
    }

    /**
     * The prompts of chosen chunks: partition {@code i} holds those of {@code chunks.get(i)}, all of them and nothing else, in no
     * particular order.
     */
    public JavaRDD<SourcePrompt> chunks(List<Integer> chunks) {
        int[] partitions = new int[plan.chunks()];
        Arrays.fill(partitions, -1);
        for (int i = 0; i < chunks.size(); i++) {
            partitions[chunks.get(i)] = i;
        }
        ChunkPlan cut = plan;
        JavaPairRDD<Integer, SourcePrompt> placed = frame.rows()
                .javaRDD()
                .mapToPair(row -> new Tuple2<>(
                        partitions[cut.chunkOf(row.getInt(row.fieldIndex("bucket")))], PromptFrame.prompt(row)));
        return placed.filter(pair -> pair._1() >= 0)
                .partitionBy(new ByNumber(chunks.size()))
                .values();
    }

    /** The key is the partition's number. */
    private static final class ByNumber extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int partitions;

        ByNumber(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key;
        }
    }
}
