package io.sightline.job.extract;

import io.sightline.job.input.BadPromptException;
import io.sightline.job.input.TokenizedPrompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
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
    /** 128 MB of vectors. */
    private static final long MAX_NUMBERS = 32L << 20;

    private final Iterator<T> rows;
    private final Function<T, @Nullable String> text;
    private final Function<T, @Nullable Object> ids;
    private final VectorRunner runner;
    private final Queue<Result<T>> done = new ArrayDeque<>();
    private int windowRows = FIRST_ROWS;

    /** A row and what came of it. */
    public record Result<T>(T row, PromptVectors vectors) {}

    /**
     * @param text a row's text; gives null where ids are the input
     * @param ids a row's token ids, a sequence of numbers; gives null where text is the input
     */
    public VectorStream(
            Iterator<T> rows,
            Function<T, @Nullable String> text,
            Function<T, @Nullable Object> ids,
            VectorRunner runner) {
        this.rows = rows;
        this.text = text;
        this.ids = ids;
        this.runner = runner;
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
        long numbers = 0;
        while (rows.hasNext() && window.size() < windowRows && numbers < MAX_NUMBERS) {
            T row = rows.next();
            try {
                TokenizedPrompt prompt = runner.tokenize(window.size(), text.apply(row), ids.apply(row));
                good.add(prompt);
                problems.add(null);
                numbers += runner.numbers(prompt);
            } catch (BadPromptException e) {
                problems.add(e.getMessage());
            }
            window.add(row);
        }
        windowRows = Math.min(MAX_ROWS, 2 * windowRows);
        emit(window, good, problems);
    }

    private void emit(List<T> window, List<TokenizedPrompt> good, List<@Nullable String> problems) {
        PromptVectors[] results = new PromptVectors[window.size()];
        runner.run(good, results);
        for (int i = 0; i < results.length; i++) {
            String problem = problems.get(i);
            done.add(new Result<>(window.get(i), problem == null ? results[i] : PromptVectors.failed(problem)));
        }
    }
}
