package io.sightline.job.run;

import io.sightline.job.extract.ChunkSink;
import io.sightline.job.extract.Extractor;
import io.sightline.job.extract.ResolvedCapture;
import io.sightline.job.input.ChunkPrompts;
import io.sightline.job.input.SourcePrompt;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.write.ChunkIdentity;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.RunWriter;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Counts what a chunk would give. In the first partition it also puts a few prompts through the extractor and writes them to a temporary
 * directory, which it deletes, since only written pages show how well the numbers compress.
 */
final class DryRunTask implements Function2<Integer, Iterator<SourcePrompt>, Iterator<ChunkEstimate>> {
    private static final long serialVersionUID = 1L;
    /** Enough to see how well vectors compress, and done in a moment. */
    private static final int SAMPLED_TOKENS = 16_384;

    private final Broadcast<Assignment> broadcast;
    private final List<Integer> chunks;

    DryRunTask(Broadcast<Assignment> broadcast, List<Integer> chunks) {
        this.broadcast = broadcast;
        this.chunks = List.copyOf(chunks);
    }

    @Override
    public Iterator<ChunkEstimate> call(Integer partition, Iterator<SourcePrompt> prompts) throws Exception {
        Assignment assignment = broadcast.value();
        Extractor extractor =
                assignment.extraction().open(assignment.extraction().device());
        ChunkPrompts.Tokenized tokenized = ChunkTask.tokenized(assignment, extractor, prompts, chunks.get(partition));
        List<TokenizedPrompt> good = tokenized.good();
        ChunkEstimate.Sample sample = partition == 0 && !good.isEmpty()
                ? sample(assignment, extractor, firstOf(good))
                : ChunkEstimate.Sample.NONE;
        return List.of(new ChunkEstimate(
                        good.size(),
                        tokenized.bad().size(),
                        good.stream().mapToLong(TokenizedPrompt::tokenCount).sum(),
                        extractor.batches(good).size(),
                        extractor.outputs().stream()
                                .mapToLong(output ->
                                        good.stream().mapToLong(output::rows).sum())
                                .toArray(),
                        capturedBytes(extractor, good),
                        sample))
                .iterator();
    }

    private static long capturedBytes(Extractor extractor, List<TokenizedPrompt> prompts) {
        return extractor.outputs().stream()
                .filter(ResolvedCapture.class::isInstance)
                .mapToLong(output -> prompts.stream().mapToLong(output::bytes).sum())
                .sum();
    }

    private static List<TokenizedPrompt> firstOf(List<TokenizedPrompt> good) {
        List<TokenizedPrompt> first = new ArrayList<>();
        long tokens = 0;
        for (TokenizedPrompt prompt : good) {
            tokens += prompt.tokenCount();
            if (!first.isEmpty() && tokens > SAMPLED_TOKENS) {
                break;
            }
            first.add(prompt);
        }
        return first;
    }

    private static ChunkEstimate.Sample sample(
            Assignment assignment, Extractor extractor, List<TokenizedPrompt> prompts) throws Exception {
        File directory = Files.createTempDirectory("sightline-dry-run").toFile();
        RunWriter runWriter = RunWriter.of(
                RunDirectory.of(directory.toURI().toString()),
                assignment.options(),
                assignment.extraction().hadoop().value());
        try (ChunkWriter writer = runWriter.open(new ChunkIdentity(0, "dry-run"));
                ChunkSink sink = new ChunkSink(writer)) {
            extractor.runner(sink, TaskContext.get()::isInterrupted).run(prompts, batch -> {});
            sink.drain();
            CommitRecord record = writer.commit();
            long activations = record.bytes(RunTable.ACTIVATIONS);
            return new ChunkEstimate.Sample(
                    prompts.size(), capturedBytes(extractor, prompts), activations, record.bytes() - activations);
        } finally {
            FileUtils.deleteDirectory(directory);
        }
    }
}
