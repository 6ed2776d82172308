package io.sightline.job.probe.fit;

import java.io.Serializable;
import java.util.List;

/**
 * How many rows each prompt has in one data set, and how many rows cannot be used.
 *
 * @param rowsOfPrompt {@code [prompts]}
 * @param notFinite rows with a NaN or an infinite value
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowCounts(int[] rowsOfPrompt, long notFinite) {
    private record InBlock(int[] prompts, long notFinite) implements Serializable {}

    /** @param prompts how many prompts the run has */
    public static RowCounts of(FitRows rows, int prompts) {
        Design nothing = new Design(new byte[prompts], Targets.ofClasses(2), Affine.identity(rows.width()));
        List<InBlock> blocks = rows.each(nothing, RowCounts::inBlock);
        int[] counts = new int[prompts];
        long notFinite = 0;
        for (InBlock block : blocks) {
            notFinite += block.notFinite;
            for (int prompt : block.prompts) {
                counts[prompt]++;
            }
        }
        return new RowCounts(counts, notFinite);
    }

    private static InBlock inBlock(PreparedBlock block) {
        return new InBlock(block.block().prompts(), block.block().rowsNotFinite());
    }

    public long total() {
        long total = 0;
        for (int count : rowsOfPrompt) {
            total += count;
        }
        return total;
    }

    /** Rows whose prompt is in {@code part}. */
    public long in(Part part, byte[] parts) {
        long total = 0;
        for (int prompt = 0; prompt < parts.length; prompt++) {
            total += parts[prompt] == part.code() ? rowsOfPrompt[prompt] : 0;
        }
        return total;
    }
}
