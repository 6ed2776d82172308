package io.sightline.job.table.write;

import java.util.ArrayList;
import java.util.List;

/** A run of stored rows, with what its table knows of them, that can be cut. */
interface Sliceable<T> {
    /** What a row takes at least when parts are measured: narrow vectors are no reason for pages of a million rows. */
    long MIN_ROW_BYTES = 64;

    StoredRows rows();

    int bytesPerNumber();

    /** {@code count} rows from {@code first} on. */
    T slice(int first, int count);

    /** Cuts {@code runs} into parts of at most {@code maxBytes}, in order; a row that alone is larger is a part of its own. */
    static <T extends Sliceable<T>> List<List<T>> cut(List<T> runs, long maxBytes) {
        List<List<T>> parts = new ArrayList<>();
        List<T> part = new ArrayList<>();
        long room = maxBytes;
        for (T run : runs) {
            long rowBytes = Math.max(MIN_ROW_BYTES, (long) run.rows().width() * run.bytesPerNumber());
            int rows = run.rows().rows();
            int count;
            for (int done = 0; done < rows; done += count) {
                if (room < rowBytes && !part.isEmpty()) {
                    parts.add(part);
                    part = new ArrayList<>();
                    room = maxBytes;
                }
                count = (int) Math.min(rows - done, Math.max(1, room / rowBytes));
                part.add(count == rows ? run : run.slice(done, count));
                room -= count * rowBytes;
            }
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
