package io.sightline.job.table.write;

import io.sightline.job.table.VectorType;

/** Takes the rows of one group, in whatever order batches bring them. Vectors are copied; confined to the chunk's thread. */
public final class ActivationAppender {
    private final GroupRows rows;
    private final RowStore store;

    ActivationAppender(GroupRows rows, RowStore store) {
        this.rows = rows;
        this.store = store;
    }

    /**
     * Appends {@code tokens.count()} rows of a float32 group.
     *
     * @param prompt whose they are
     * @param step generation step, 0 without generation
     * @param tokens what they stand for
     * @param width numbers in each row
     * @param vectors row after row, {@code [count, width]}, from {@code offset} on
     * @throws IllegalArgumentException if the group stores float16 or {@code vectors} is too short
     */
    public void append(PromptRef prompt, int step, TokenSpan tokens, int width, float[] vectors, int offset) {
        int numbers = numbers(VectorType.FLOAT32, tokens, width, vectors.length, offset);
        add(prompt, step, tokens, width, store.append(vectors, offset, numbers));
    }

    /** The same for a float16 group: {@code halves} holds the bits of half-precision numbers. */
    public void append(PromptRef prompt, int step, TokenSpan tokens, int width, short[] halves, int offset) {
        int numbers = numbers(VectorType.FLOAT16, tokens, width, halves.length, offset);
        add(prompt, step, tokens, width, store.append(halves, offset, numbers));
    }

    private int numbers(VectorType given, TokenSpan tokens, int width, int length, int offset) {
        ActivationGroup group = rows.group();
        if (group.type() != given) {
            throw new IllegalArgumentException(
                    "capture '" + group.name() + "' stores " + group.type().shortName() + ", not " + given.shortName());
        }
        long numbers = (long) tokens.count() * width;
        if (width < 0 || offset < 0 || offset + numbers > length) {
            throw new IllegalArgumentException("capture '" + group.name() + "', module " + group.module() + ": "
                    + tokens.count() + " rows of " + width + " numbers from " + offset + " on do not fit an array of "
                    + length);
        }
        return (int) numbers;
    }

    private void add(PromptRef prompt, int step, TokenSpan tokens, int width, long address) {
        if (tokens.count() > 0) {
            StoredRows stored = new StoredRows(address, tokens.count(), width);
            rows.add(new ActivationRun(
                    prompt, step, tokens, stored, rows.group().type().bytes()));
        }
    }
}
