package io.sightline.job.extract;

import io.sightline.job.table.write.ChunkWriter;

/** Rows of one output of one batch, in host memory. Whoever receives them closes them. */
public sealed interface OutputRows extends AutoCloseable permits CapturedRows, SplitValue {
    /** Bytes of numbers that the rows hold. */
    long bytes();

    void writeTo(ChunkWriter writer);

    /** Gives borrowed arrays back. */
    @Override
    default void close() {}

    /** Where rows go, and where their arrays come from. */
    interface Receiver {
        HostBuffers buffers();

        void take(OutputRows rows);
    }
}
