package io.sightline.job.table.write;

import java.util.Comparator;

/** One saved node of one prompt. */
record ValueRow(PromptRef prompt, String name, int step, int[] shape, StoredRows rows) implements Sliceable<ValueRow> {
    /** A row is at least a page, and a page's length is an int of bytes. */
    static final int MAX_NUMBERS = 1 << 28;

    /** Name, prompt, step: a reader that wants one node reads that node's row groups only. */
    static final Comparator<ValueRow> FILE_ORDER = Comparator.comparing(ValueRow::name)
            .thenComparingInt(row -> row.prompt.ordinal())
            .thenComparingInt(ValueRow::step);

    @Override
    public int bytesPerNumber() {
        return Float.BYTES;
    }

    @Override
    public ValueRow slice(int first, int count) {
        throw new IllegalStateException("a saved value is one row and is never cut");
    }
}
