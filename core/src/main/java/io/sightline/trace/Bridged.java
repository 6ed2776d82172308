package io.sightline.trace;

import io.sightline.envoy.Proxy;
import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.graph.RecordedNode;
import io.sightline.graph.Recording;
import io.sightline.graph.Value;
import org.jspecify.annotations.Nullable;

/** Proxies as a block's own input, a loop's data or an invoke's argument: brought into its graph and kept there, as nnsight does. */
final class Bridged {
    private Bridged() {}

    static Value keep(RecordedRun run, Recorder recorder, @Nullable Object value) {
        Value written = recorder.value(value);
        if (value instanceof Proxy && written instanceof Value.NodeReference reference) {
            Recording recording = run.recording();
            return recording
                    .lock(new RecordedNode(recording.current(), reference.name()))
                    .reference();
        }
        return written;
    }
}
