package io.sightline.job.table.write;

/**
 * A prompt of the chunk.
 *
 * @param ordinal its place in the chunk's own order, in which every table is sorted, however batches were cut
 * @param id its {@code prompt_id}
 */
public record PromptRef(int ordinal, String id) {}
