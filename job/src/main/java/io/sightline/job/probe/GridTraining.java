package io.sightline.job.probe;

import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.RowBlock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

/**
 * Trains all cells: those whose vectors fit one task in one Spark job with a task a cell, the larger ones one after the other, fitted where their rows lie.
 */
final class GridTraining {
    private static final long BLOCK_BYTES = 64L << 20;
    /** No vector is assumed to be wider when a cell is judged by its number of rows alone. */
    private static final int WIDE = 32_768;

    private final SparkSession spark;
    private final ProbeFile file;
    private final TrainingPlan plan;
    private final List<RunTables> runs;
    private final List<RunLabels> labels;
    private final ActivationRows rows;

    GridTraining(
            SparkSession spark, ProbeFile file, TrainingPlan plan, List<RunTables> runs, ArrayList<RunLabels> labels) {
        this.spark = spark;
        this.file = file;
        this.plan = plan;
        this.runs = runs;
        this.labels = labels;
        this.rows = new ActivationRows(
                spark, runs.stream().map(RunTables::activations).toList());
    }

    /** Results in the order of {@code cells}. */
    List<ProbeResult> train(List<Cell> cells, LongAccumulator finished) {
        List<Cell> small = new ArrayList<>();
        List<Cell> large = new ArrayList<>();
        cells.forEach(cell -> (isLarge(cell) ? large : small).add(cell));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<ArrayList<RunLabels>> shared = context.broadcast(new ArrayList<>(labels));
        try {
            List<ProbeResult> results = new ArrayList<>();
            if (!small.isEmpty()) {
                results.addAll(trainSmall(small, shared, finished));
            }
            large.forEach(cell -> results.addAll(trainLarge(cell, context, shared, finished)));
            return results;
        } finally {
            shared.destroy();
        }
    }

    private boolean isLarge(Cell cell) {
        long limit = (long) file.fitting().localLimitMegabytes() << 20;
        long held = 0;
        for (Pooling pooling : file.poolings()) {
            held += 4 * (pooling == Pooling.AS_STORED ? cell.rows() : Math.min(cell.rows(), prompts(cell)));
        }
        return held * WIDE > limit && held * runs.get(cell.run()).width(cell) > limit;
    }

    private long prompts(Cell cell) {
        return labels.get(cell.run()).prompts();
    }

    private List<ProbeResult> trainSmall(
            List<Cell> cells, Broadcast<ArrayList<RunLabels>> shared, LongAccumulator finished) {
        CellTask task = new CellTask(cells, shared, plan, threads(cells.size()), finished);
        return internal(rows.eachInOnePartition(cells)).mapPartitions(task).collect();
    }

    private static JavaRDD<InternalRow> internal(Dataset<?> rows) {
        return rows.queryExecution().toRdd().toJavaRDD();
    }

    /** As many as leave every task of a machine its share. */
    private int threads(int tasks) {
        int cores = Runtime.getRuntime().availableProcessors();
        return Math.max(1, spark.sparkContext().isLocal() ? cores / Math.min(tasks, cores) : 1);
    }

    private List<ProbeResult> trainLarge(
            Cell cell, JavaSparkContext context, Broadcast<ArrayList<RunLabels>> shared, LongAccumulator finished) {
        CellProbes probes = new CellProbes(cell, labels.get(cell.run()), plan, finished::add);
        List<ProbeResult> results = new ArrayList<>();
        int width = runs.get(cell.run()).width(cell);
        int partitions =
                (int) Math.max(spark.sparkContext().defaultParallelism(), cell.rows() * 4 * width / BLOCK_BYTES + 1);
        for (Pooling pooling : file.poolings()) {
            JavaRDD<RowBlock> blocks =
                    blocks(cell, pooling, partitions, shared).persist(StorageLevel.MEMORY_AND_DISK());
            try {
                results.addAll(trainLarge(probes, pooling, blocks, context));
            } finally {
                blocks.unpersist(false);
            }
        }
        return results;
    }

    private List<ProbeResult> trainLarge(
            CellProbes probes, Pooling pooling, JavaRDD<RowBlock> blocks, JavaSparkContext context) {
        List<Integer> widths;
        try {
            widths = blocks.map(RowBlock::width).collect().stream().distinct().toList();
        } catch (Exception e) {
            return probes.refuse(List.of(pooling), refusalIn(e));
        }
        if (widths.size() != 1) {
            return probes.refuse(
                    List.of(pooling),
                    widths.isEmpty()
                            ? "no stored row belongs to a prompt of the prompts table"
                            : "vectors of different lengths, " + widths
                                    + ", are stored for one module: they cannot be probed together");
        }
        int threads = threads(blocks.getNumPartitions());
        try (SparkRows spread = new SparkRows(context, blocks, plan.device(), threads)) {
            return probes.train(pooling, spread);
        }
    }

    /** A refusal that was thrown in a task. */
    private static String refusalIn(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FitException) {
                return String.valueOf(cause.getMessage());
            }
        }
        throw new IllegalStateException("cannot read the activations: " + e.getMessage(), e);
    }

    private JavaRDD<RowBlock> blocks(
            Cell cell, Pooling pooling, int partitions, Broadcast<ArrayList<RunLabels>> shared) {
        int run = cell.run();
        return internal(rows.spread(cell, partitions))
                .mapPartitions(stored -> block(stored, shared.value().get(run), pooling));
    }

    private static Iterator<RowBlock> block(Iterator<InternalRow> stored, RunLabels labels, Pooling pooling) {
        if (!stored.hasNext()) {
            return List.<RowBlock>of().iterator();
        }
        Map<Pooling, RowBlock> blocks = new RowReader(labels, List.of(pooling)).read(stored.next(), stored);
        return blocks.values().iterator();
    }
}
