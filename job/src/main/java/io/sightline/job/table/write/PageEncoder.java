package io.sightline.job.table.write;

import java.util.List;

/** Builds whole PLAIN data pages (version 1) of one column out of stored rows. */
interface PageEncoder {
    /** Called with each row's bytes, in order, once they are in the page. */
    interface RowBytes {
        void row(byte[] buffer, int offset, int length);
    }

    /** The page of {@code rows}; valid until the next call. */
    Page encode(List<StoredRows> rows, RowBytes visitor);
}
