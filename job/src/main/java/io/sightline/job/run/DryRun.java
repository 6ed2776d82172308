package io.sightline.job.run;

import io.sightline.job.config.TokenSelection;
import io.sightline.job.extract.Output;
import io.sightline.job.extract.ResolvedCapture;
import io.sightline.job.extract.SavedValue;
import io.sightline.job.model.LoadedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Estimates what a run would give, from some of its chunks: chunks are random samples of the prompts. */
final class DryRun {
    private static final int SAMPLED_CHUNKS = 256;

    private final List<ChunkEstimate> chunks;
    private final double factor;

    /** @param factor how many times more prompts the run has than these chunks */
    private DryRun(List<ChunkEstimate> chunks, double factor) {
        this.chunks = chunks;
        this.factor = factor;
    }

    static DryRunEstimate estimate(SparkSession spark, Preparation.Ready ready, Assignment assignment) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int chunks = ready.prompts().plan().chunks();
        int sampled = Math.min(chunks, SAMPLED_CHUNKS);
        List<Integer> chosen = IntStream.range(0, sampled)
                .map(i -> (int) ((long) i * chunks / sampled))
                .boxed()
                .toList();
        List<ChunkEstimate> estimates = ready.prompts()
                .chunks(chosen)
                .mapPartitionsWithIndex(new DryRunTask(context.broadcast(assignment), chosen), true)
                .collect();
        long covered = chosen.stream()
                .mapToLong(chunk -> ready.prompts().plan().rows()[chunk])
                .sum();
        return new DryRun(estimates, (double) ready.prompts().plan().prompts() / covered).estimate(ready, chunks);
    }

    private long sum(ToLongFunction<ChunkEstimate> count) {
        return Math.round(chunks.stream().mapToLong(count).sum() * factor);
    }

    private DryRunEstimate estimate(Preparation.Ready ready, int chunkCount) {
        LoadedModel model = ready.job().model();
        ChunkEstimate.Sample sample = chunks.get(0).sample();
        long prompts = sum(ChunkEstimate::prompts);
        long activationBytes = sample.activationBytes(sum(ChunkEstimate::capturedBytes));
        return new DryRunEstimate(
                ready.job().job().model().path(),
                model.modelType(),
                model.parameterCount(),
                model.dtype().shortName(),
                model.device().toString(),
                prompts,
                sum(ChunkEstimate::errors),
                sum(ChunkEstimate::tokens),
                chunkCount,
                sum(ChunkEstimate::batches),
                captures(ready.outputs()),
                values(ready.outputs()),
                activationBytes,
                activationBytes + sample.otherBytes(prompts),
                factor == 1);
    }

    private List<DryRunEstimate.ValueRows> values(List<Output> outputs) {
        return IntStream.range(0, outputs.size())
                .filter(i -> outputs.get(i) instanceof SavedValue)
                .mapToObj(i -> value((SavedValue) outputs.get(i), sum(chunk -> chunk.rows()[i])))
                .toList();
    }

    private static DryRunEstimate.ValueRows value(SavedValue value, long rows) {
        return new DryRunEstimate.ValueRows(value.name(), value.source().node(), rows);
    }

    /** A capture is one of the job file; it may have many modules. */
    private List<DryRunEstimate.CaptureRows> captures(List<Output> outputs) {
        Map<Integer, List<Integer>> byRequest = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) instanceof ResolvedCapture capture) {
                byRequest
                        .computeIfAbsent(capture.request(), request -> new ArrayList<>())
                        .add(i);
            }
        }
        return byRequest.values().stream()
                .map(group -> capture((ResolvedCapture) outputs.get(group.get(0)), group))
                .toList();
    }

    private DryRunEstimate.CaptureRows capture(ResolvedCapture first, List<Integer> group) {
        TokenSelection tokens = first.tokens();
        return new DryRunEstimate.CaptureRows(
                first.group().name(),
                first.group().io(),
                first.group().module(),
                group.size(),
                switch (first.layout()) {
                    case BATCH_SEQ -> "[batch, seq, " + first.width() + "]";
                    case FLAT -> "[batch * seq, " + first.width() + "]";
                    case BATCH -> "[batch, " + first.width() + "]";
                },
                tokens.kind() == TokenSelection.Kind.INDICES
                        ? tokens.indices().toString()
                        : tokens.kind().name().toLowerCase(Locale.ROOT),
                first.group().type().shortName(),
                group.stream().mapToLong(i -> sum(chunk -> chunk.rows()[i])).sum());
    }
}
