package io.sightline.job.run;

import java.util.List;

/**
 * What a run would do, estimated from tokenising its prompts and from writing a sample of them to a temporary directory.
 *
 * @param exact whether every prompt was tokenised; else counts are scaled up from a random sample of chunks
 * @param bytes on disk, all tables
 */
public record DryRunEstimate(
        String model,
        String modelType,
        long parameters,
        String dtype,
        String device,
        long prompts,
        long badPrompts,
        long tokens,
        int chunks,
        long batches,
        List<CaptureRows> captures,
        List<ValueRows> values,
        long activationBytes,
        long bytes,
        boolean exact) {
    /**
     * One capture.
     *
     * @param modules how many modules it takes
     * @param layout what a module gives, {@code [batch, seq, 128]}
     */
    public record CaptureRows(
            String name,
            String io,
            String firstModule,
            int modules,
            String layout,
            String tokens,
            String dtype,
            long rows) {}

    /** One saved node. */
    public record ValueRows(String name, String node, long rows) {}

    public long activationRows() {
        return captures.stream().mapToLong(CaptureRows::rows).sum();
    }

    public long valueRows() {
        return values.stream().mapToLong(ValueRows::rows).sum();
    }
}
