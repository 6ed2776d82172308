package io.sightline.trace;

import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.graph.Block;
import org.jspecify.annotations.Nullable;

/** What contexts need of the model they trace. */
interface Subject {
    Recorder recorder();

    /** The nodes that every trace begins with. */
    Edits edits();

    /**
     * Writes one invoke's input, into the trace that is open.
     *
     * @param inputs what the user gave, {@link io.sightline.envoy.Keywords} last, if any
     * @throws IllegalArgumentException if the model takes no such input
     */
    EncodedInput encode(@Nullable Object... inputs);

    /** Runs what was recorded and gives the run its values. */
    void execute(RecordedRun run, Block block);

    /** Values of the right shapes for a trace that is still being recorded. */
    ShapeScan shapes(Tracer.Recorded recorded);
}
