package io.sightline.job.run;

import io.sightline.job.config.JobFile;
import io.sightline.job.config.TokenSelection;
import io.sightline.job.extract.ResolvedCapture;
import io.sightline.job.model.LoadedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Foretells a run. */
final class Forecaster {
    /** Chunks are random samples of the prompts, so that some of many tell enough. */
    private static final int SAMPLED_CHUNKS = 256;

    private Forecaster() {}

    static Forecast forecast(SparkSession spark, Preparation.Ready ready, Assignment assignment) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int chunks = ready.prompts().plan().chunks();
        int sampled = Math.min(chunks, SAMPLED_CHUNKS);
        List<Integer> chosen = IntStream.range(0, sampled)
                .map(i -> (int) ((long) i * chunks / sampled))
                .boxed()
                .toList();
        List<ForecastPart> parts = ready.prompts()
                .chunks(chosen)
                .mapPartitionsWithIndex(new ForecastTask(context.broadcast(assignment), chosen), true)
                .collect();
        long covered = chosen.stream()
                .mapToLong(chunk -> ready.prompts().plan().rows()[chunk])
                .sum();
        return new Scaled(parts, (double) ready.prompts().plan().prompts() / covered)
                .forecast(ready, assignment, chunks);
    }

    /** Counts of some chunks, and by how much the whole is more. */
    private record Scaled(List<ForecastPart> parts, double factor) {
        private long sum(ToLongFunction<ForecastPart> count) {
            return Math.round(parts.stream().mapToLong(count).sum() * factor);
        }

        Forecast forecast(Preparation.Ready ready, Assignment assignment, int chunks) {
            LoadedModel model = ready.job().model();
            JobFile job = ready.job().job();
            ForecastPart sample = parts.get(0);
            long prompts = sum(ForecastPart::prompts);
            long activationBytes = sample.sampledRawBytes() == 0
                    ? 0
                    : Math.round((double) sample.sampledActivationBytes()
                            * sum(ForecastPart::rawBytes)
                            / sample.sampledRawBytes());
            long otherBytes = sample.sampledPrompts() == 0
                    ? 0
                    : Math.round((double) sample.sampledOtherBytes() * prompts / sample.sampledPrompts());
            return new Forecast(
                    job.model().path(),
                    model.modelType(),
                    model.parameterCount(),
                    model.dtype().shortName(),
                    model.device().toString(),
                    prompts,
                    sum(ForecastPart::errors),
                    sum(ForecastPart::tokens),
                    chunks,
                    sum(ForecastPart::batches),
                    captures(assignment),
                    assignment.values().stream()
                            .map(value -> new Forecast.ValueRows(value.name(), value.node(), prompts))
                            .toList(),
                    activationBytes,
                    activationBytes + otherBytes,
                    factor == 1);
        }

        private List<Forecast.CaptureRows> captures(Assignment assignment) {
            Map<Integer, List<Integer>> byRequest = new LinkedHashMap<>();
            for (int i = 0; i < assignment.captures().size(); i++) {
                byRequest
                        .computeIfAbsent(assignment.captures().get(i).request(), request -> new ArrayList<>())
                        .add(i);
            }
            return byRequest.values().stream()
                    .map(group -> capture(assignment.captures().get(group.get(0)), group))
                    .toList();
        }

        private Forecast.CaptureRows capture(ResolvedCapture first, List<Integer> group) {
            return new Forecast.CaptureRows(
                    first.group().name(),
                    first.group().io(),
                    first.group().module(),
                    group.size(),
                    switch (first.layout()) {
                        case BATCH_SEQ -> "[batch, seq, " + first.width() + "]";
                        case FLAT -> "[batch * seq, " + first.width() + "]";
                        case BATCH -> "[batch, " + first.width() + "]";
                    },
                    first.tokens().kind() == TokenSelection.Kind.INDICES
                            ? first.tokens().indices().toString()
                            : first.tokens().kind().name().toLowerCase(java.util.Locale.ROOT),
                    first.group().type().shortName(),
                    group.stream().mapToLong(i -> sum(part -> part.rows()[i])).sum());
        }
    }
}
