package io.sightline.job.run;

import io.sightline.engine.Torch;
import io.sightline.job.extract.ChunkSink;
import io.sightline.job.extract.ResolvedCapture;
import io.sightline.job.input.BatchPlanner;
import io.sightline.job.input.ChunkPrompts;
import io.sightline.job.input.SourcePrompt;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.ModelPool;
import io.sightline.job.model.TaskDevice;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.write.ChunkIdentity;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.RunWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Counts what a chunk would give; in the first partition it also writes some of it, to a temporary directory that it deletes. */
final class ForecastTask implements Function2<Integer, Iterator<SourcePrompt>, Iterator<ForecastPart>> {
    private static final long serialVersionUID = 1L;
    /** Enough to see how well vectors compress, little enough to be done in a moment. */
    private static final int SAMPLED_TOKENS = 16_384;

    private final Broadcast<Assignment> broadcast;
    private final List<Integer> chunks;

    ForecastTask(Broadcast<Assignment> broadcast, List<Integer> chunks) {
        this.broadcast = broadcast;
        this.chunks = List.copyOf(chunks);
    }

    @Override
    public Iterator<ForecastPart> call(Integer partition, Iterator<SourcePrompt> prompts) throws Exception {
        Assignment assignment = broadcast.value();
        Torch.setThreads(assignment.threads());
        LoadedModel model = ModelPool.get(
                assignment.model(),
                TaskDevice.of(TaskContext.get(), assignment.model().source().device())
                        .name(),
                assignment.hadoop().value());
        List<ChunkPrompts.Named> named = ChunkPrompts.inOrder(
                prompts, assignment.prompts().id() != null, assignment.plannedRows()[chunks.get(partition)]);
        ChunkPrompts.Tokenized tokenized = ChunkPrompts.tokenize(named, model.promptTokenizer(assignment.prompts()));
        List<TokenizedPrompt> sample = partition == 0 ? sample(tokenized.good()) : List.of();
        long[] written = sample.isEmpty() ? new long[2] : written(assignment, model, sample);
        return List.of(part(assignment, tokenized, sample, written)).iterator();
    }

    private static ForecastPart part(
            Assignment assignment, ChunkPrompts.Tokenized tokenized, List<TokenizedPrompt> sample, long[] written) {
        return new ForecastPart(
                tokenized.good().size(),
                tokenized.bad().size(),
                tokenized.good().stream().mapToLong(TokenizedPrompt::tokenCount).sum(),
                BatchPlanner.plan(tokenized.good(), assignment.batch()).size(),
                assignment.captures().stream()
                        .mapToLong(capture -> rows(capture, tokenized.good()))
                        .toArray(),
                rawBytes(assignment, tokenized.good()),
                sample.size(),
                rawBytes(assignment, sample),
                written[0],
                written[1]);
    }

    private static long rows(ResolvedCapture capture, List<TokenizedPrompt> prompts) {
        return prompts.stream()
                .filter(prompt -> prompt.captured()[capture.request()])
                .mapToLong(prompt -> capture.rows(prompt.ids()[capture.invoke()].length))
                .sum();
    }

    private static long rawBytes(Assignment assignment, List<TokenizedPrompt> prompts) {
        return assignment.captures().stream()
                .mapToLong(capture -> rows(capture, prompts)
                        * capture.width()
                        * capture.group().type().bytes())
                .sum();
    }

    private static List<TokenizedPrompt> sample(List<TokenizedPrompt> good) {
        List<TokenizedPrompt> sample = new ArrayList<>();
        long tokens = 0;
        for (TokenizedPrompt prompt : good) {
            tokens += prompt.tokenCount();
            if (!sample.isEmpty() && tokens > SAMPLED_TOKENS) {
                break;
            }
            sample.add(prompt);
        }
        return sample;
    }

    /** Bytes of the activations, and of the other tables. */
    private static long[] written(Assignment assignment, LoadedModel model, List<TokenizedPrompt> sample)
            throws Exception {
        Path directory = Files.createTempDirectory("sightline-forecast");
        RunDirectory run = RunDirectory.of(directory.toUri().toString());
        RunWriter runWriter =
                RunWriter.of(run, assignment.options(), assignment.hadoop().value());
        try (ChunkWriter writer = runWriter.open(new ChunkIdentity(0, "forecast"));
                ChunkSink sink = new ChunkSink(writer)) {
            ChunkWork work =
                    new ChunkWork(assignment, TaskContext.get(), model, Map.of(), 0, writer, sink, TaskClock.start());
            CommitRecord record = work.write(sample);
            long activations = record.file(RunTable.ACTIVATIONS).bytes();
            return new long[] {activations, record.bytes() - activations};
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
