package io.sightline.job.sql.query;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/** Brings a result to the driver in order, as many partitions at a time as run in parallel: neither all at once nor one by one. */
final class PartitionStream {
    private PartitionStream() {}

    static <T> void forEach(JavaRDD<T> rows, Consumer<T> action) {
        int partitions = rows.getNumPartitions();
        int window = Math.max(1, rows.context().defaultParallelism());
        for (int first = 0; first < partitions; first += window) {
            int[] ids =
                    IntStream.range(first, Math.min(first + window, partitions)).toArray();
            for (List<T> partition : rows.collectPartitions(ids)) {
                partition.forEach(action);
            }
        }
    }
}
