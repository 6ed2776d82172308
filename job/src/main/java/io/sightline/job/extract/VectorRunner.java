package io.sightline.job.extract;

import io.sightline.interleave.Interleaver;
import io.sightline.job.config.BatchLimits;
import io.sightline.job.config.PromptSource;
import io.sightline.job.input.BadPromptException;
import io.sightline.job.input.BatchPlanner;
import io.sightline.job.input.PromptTokenizer;
import io.sightline.job.input.SourcePrompt;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.jspecify.annotations.Nullable;

/** Puts windows of prompts through the model and gives their vectors. Confined to a task; nothing native outlives a call. */
public final class VectorRunner {
    private final List<ResolvedCapture> captures;
    private final BatchRunner runner;
    private final PromptTokenizer tokenizer;
    private final int captureCount;
    private final BatchLimits limits;
    private final TaskContext task;
    private final HostBuffers buffers = new HostBuffers();

    public VectorRunner(
            LoadedModel model,
            PromptSource prompts,
            JobGraph graph,
            List<CaptureTargets.Target> targets,
            List<ResolvedCapture> captures,
            int captureCount,
            BatchLimits limits,
            TaskContext task) {
        this.captures = captures;
        this.runner = new BatchRunner(
                model,
                Interleaver.of(graph.trace(), model.runnable()),
                captures,
                List.of(),
                graph.needsLastLogitsOnly(model, targets));
        this.tokenizer = model.promptTokenizer(prompts);
        this.captureCount = captureCount;
        this.limits = limits;
        this.task = task;
    }

    /**
     * The prompt's ids, ready for {@link #run}.
     *
     * @param text of the text column, where that is the input
     * @param ids of the ids column, where that is
     */
    public TokenizedPrompt tokenize(int ordinal, @Nullable String text, @Nullable Object ids)
            throws BadPromptException {
        boolean[] captured = new boolean[captureCount];
        Arrays.fill(captured, true);
        List<@Nullable String> texts = new ArrayList<>();
        texts.add(text);
        String name = Integer.toString(ordinal);
        return tokenizer.tokenize(new SourcePrompt(name, texts, ids, captured, new Object[0], null), ordinal, name);
    }

    /** Numbers that a prompt's vectors will hold. */
    public long numbers(TokenizedPrompt prompt) {
        return captures.stream()
                .mapToLong(capture -> (long) capture.rows(prompt.ids()[0].length) * capture.width())
                .sum();
    }

    /** Runs prompts in batches of similar length and sets each one's result, by its ordinal. */
    public void run(List<TokenizedPrompt> prompts, PromptVectors[] results) {
        for (List<TokenizedPrompt> batch : BatchPlanner.plan(prompts, limits)) {
            if (task.isInterrupted()) {
                throw new TaskKilledException("killed between two batches");
            }
            runSplitting(batch, results);
        }
    }

    /** A batch that fails is done again in halves, down to the prompt at fault. */
    private void runSplitting(List<TokenizedPrompt> batch, PromptVectors[] results) {
        try {
            VectorCollector collector = new VectorCollector(captures, batch, buffers);
            runner.run(batch, collector);
            collector.putInto(results);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskKilledException("killed while waiting for the device");
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                results[batch.get(0).ordinal()] =
                        PromptVectors.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
                return;
            }
            int half = (batch.size() + 1) / 2;
            runSplitting(batch.subList(0, half), results);
            runSplitting(batch.subList(half, batch.size()), results);
        }
    }
}
