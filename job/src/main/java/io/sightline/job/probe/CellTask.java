package io.sightline.job.probe;

import io.sightline.engine.Device;
import io.sightline.engine.Torch;
import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.LocalRows;
import io.sightline.job.probe.fit.RowBlock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/** One Spark task, of the partition with the cell's number: reads the cell's vectors once and trains all its probes on them. */
final class CellTask implements FlatMapFunction<Iterator<InternalRow>, ProbeResult> {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Cell> cells;
    private final Broadcast<ArrayList<RunLabels>> labels;
    private final TrainingPlan plan;
    private final int threads;
    private final LongAccumulator finished;

    /**
     * @param labels by the run's number
     * @param threads how many threads one operation of the engine may use on a CPU
     * @param finished counts finished probes
     */
    CellTask(
            List<Cell> cells,
            Broadcast<ArrayList<RunLabels>> labels,
            TrainingPlan plan,
            int threads,
            LongAccumulator finished) {
        this.cells = new ArrayList<>(cells);
        this.labels = labels;
        this.plan = plan;
        this.threads = threads;
        this.finished = finished;
    }

    @Override
    public Iterator<ProbeResult> call(Iterator<InternalRow> rows) {
        if (!rows.hasNext()) {
            return List.<ProbeResult>of().iterator();
        }
        InternalRow first = rows.next();
        Cell cell = cells.get(TaskContext.getPartitionId());
        RunLabels runLabels = labels.value().get(cell.run());
        CellProbes probes = new CellProbes(cell, runLabels, plan, finished::add);
        try {
            Map<Pooling, RowBlock> blocks = new RowReader(runLabels, plan.poolings()).read(first, rows);
            return train(probes, blocks).iterator();
        } catch (FitException e) {
            return probes.refuse(plan.poolings(), String.valueOf(e.getMessage()))
                    .iterator();
        }
    }

    private List<ProbeResult> train(CellProbes probes, Map<Pooling, RowBlock> blocks) {
        if (blocks.isEmpty()) {
            return probes.refuse(plan.poolings(), "no stored row belongs to a prompt of the prompts table");
        }
        Torch.setThreads(threads);
        Device device = Device.choose(plan.device());
        List<ProbeResult> results = new ArrayList<>();
        for (Pooling pooling : plan.poolings()) {
            RowBlock block = blocks.remove(pooling);
            try (LocalRows rows = new LocalRows(List.of(block), device)) {
                results.addAll(probes.train(pooling, rows));
            }
        }
        return results;
    }
}
