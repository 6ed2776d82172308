package io.sightline.job.probe;

import io.sightline.job.probe.fit.RowBlock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Reads rows, sorted by prompt and position, into one block a pooling. Rows of prompts that are not in the prompts table are skipped. */
final class RowReader {
    private final RunLabels labels;
    private final PromptPool pool;

    @Nullable
    private UTF8String promptId;

    private int prompt = -1;

    RowReader(RunLabels labels, List<Pooling> poolings) {
        this.labels = labels;
        this.pool = new PromptPool(poolings);
    }

    /**
     * @param first a row that was taken from {@code rows} already
     * @return empty if no row belongs to a known prompt
     */
    Map<Pooling, RowBlock> read(InternalRow first, Iterator<InternalRow> rows) {
        add(first);
        while (rows.hasNext()) {
            add(rows.next());
        }
        return pool.blocks();
    }

    private void add(InternalRow row) {
        UTF8String id = row.getUTF8String(StoredRow.PROMPT_ID);
        if (!id.equals(promptId)) {
            promptId = id.copy();
            prompt = labels.numbers().getOrDefault(StoredRow.promptId(row), -1);
        }
        if (prompt >= 0) {
            pool.add(prompt, StoredRow.vector(row));
        }
    }
}
