package io.sightline.job.extract;

import io.sightline.job.input.BadPromptException;
import io.sightline.job.input.SourcePrompt;
import io.sightline.job.input.TokenizedPrompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Rows in, the same rows with their vectors out, in the same order. Rows are read ahead in windows, so that prompts of similar length can
 * share a batch: small ones first, since whoever looks at a few rows should not wait for a thousand, larger ones after.
 *
 * @param <T> the rows
 */
public final class VectorStream<T> implements Iterator<VectorStream.Result<T>> {
    private static final int FIRST_ROWS = 64;
    private static final int MAX_ROWS = 1024;
    private static final long MAX_BYTES = 128L << 20;

    private final Iterator<T> rows;
    private final Function<T, @Nullable String> text;
    private final Function<T, @Nullable Object> ids;
    private final Extractor extractor;
    private final boolean[] captured;
    private final Queue<Result<T>> done = new ArrayDeque<>();
    private int windowRows = FIRST_ROWS;

    /** A row and what came of it. */
    public record Result<T>(T row, PromptVectors vectors) {}

    /**
     * @param text a row's text; gives null where ids are the input
     * @param ids a row's token ids, a sequence of numbers; gives null where text is the input
     */
    VectorStream(
            Iterator<T> rows,
            Function<T, @Nullable String> text,
            Function<T, @Nullable Object> ids,
            Extractor extractor,
            int captures) {
        this.rows = rows;
        this.text = text;
        this.ids = ids;
        this.extractor = extractor;
        this.captured = new boolean[captures];
        Arrays.fill(captured, true);
    }

    @Override
    public boolean hasNext() {
        return !done.isEmpty() || rows.hasNext();
    }

    @Override
    public Result<T> next() {
        if (done.isEmpty()) {
            runWindow();
        }
        Result<T> next = done.poll();
        if (next == null) {
            throw new NoSuchElementException("no more rows");
        }
        return next;
    }

    private void runWindow() {
        List<T> window = new ArrayList<>();
        List<TokenizedPrompt> good = new ArrayList<>();
        List<@Nullable String> problems = new ArrayList<>();
        long bytes = 0;
        while (rows.hasNext() && window.size() < windowRows && bytes < MAX_BYTES) {
            T row = rows.next();
            try {
                TokenizedPrompt prompt = tokenized(window.size(), row);
                good.add(prompt);
                problems.add(null);
                bytes += extractor.outputs().stream()
                        .mapToLong(output -> output.bytes(prompt))
                        .sum();
            } catch (BadPromptException e) {
                problems.add(e.getMessage());
            }
            window.add(row);
        }
        windowRows = Math.min(MAX_ROWS, 2 * windowRows);
        emit(window, good, problems);
    }

    private TokenizedPrompt tokenized(int ordinal, T row) throws BadPromptException {
        List<@Nullable String> texts = new ArrayList<>();
        texts.add(text.apply(row));
        String name = Integer.toString(ordinal);
        return extractor
                .tokenizer()
                .tokenize(new SourcePrompt(name, texts, ids.apply(row), captured, new Object[0], null), ordinal, name);
    }

    private void emit(List<T> window, List<TokenizedPrompt> good, List<@Nullable String> problems) {
        PromptVectors[] results = new PromptVectors[window.size()];
        TaskContext task = TaskContext.get();
        extractor
                .runner(new VectorSink(extractor.outputs(), results), () -> task != null && task.isInterrupted())
                .run(good, prompts -> {});
        for (int i = 0; i < results.length; i++) {
            String problem = problems.get(i);
            done.add(new Result<>(window.get(i), problem == null ? results[i] : PromptVectors.failed(problem)));
        }
    }
}
