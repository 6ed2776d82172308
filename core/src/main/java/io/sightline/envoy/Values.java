package io.sightline.envoy;

import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Port;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The proxies of one module's places, kept until they are set, the call moves on, or the invoke ends. */
final class Values {
    private final Recorder recorder;
    private final String path;
    private final Map<Port, Proxy> known = new EnumMap<>(Port.class);
    private long proxyEpoch = -1;
    private int call;
    private long callEpoch = -1;

    Values(Recorder recorder, String path) {
        this.recorder = recorder;
        this.path = path;
    }

    Proxy at(Port port) {
        forgetOld();
        Proxy proxy = known.get(port);
        if (proxy == null) {
            int batchGroup = recorder.trace().batchGroup();
            proxy = recorder.record(
                    new Operation.Intervention(new Place(path, port), batchGroup, call + recorder.callsAhead()));
            known.put(port, proxy);
        }
        return proxy;
    }

    void set(Port port, @Nullable Object value) {
        recorder.record(new Operation.Swap(recorder.node(at(port)), recorder.value(value)));
        known.remove(port);
    }

    void next(int calls) {
        forgetOld();
        call += calls;
        known.clear();
    }

    private void forgetOld() {
        if (proxyEpoch != recorder.proxyEpoch()) {
            proxyEpoch = recorder.proxyEpoch();
            known.clear();
        }
        if (callEpoch != recorder.callEpoch()) {
            callEpoch = recorder.callEpoch();
            call = 0;
        }
    }
}
