package io.sightline.envoy;

import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import org.jspecify.annotations.Nullable;

/** The proxies of one module's input and output, kept until they are set, the call moves on, or the invoke ends. */
final class Values {
    private final Recorder recorder;
    private final Place outputPlace;
    private final Place inputPlace;
    private @Nullable Proxy output;
    private @Nullable Proxy inputs;
    private long proxyEpoch = -1;
    private int call;
    private long callEpoch = -1;

    Values(Recorder recorder, String path) {
        this.recorder = recorder;
        this.outputPlace = Place.output(path);
        this.inputPlace = Place.input(path);
    }

    Proxy output() {
        forgetOld();
        Proxy known = output;
        if (known == null) {
            known = intervention(outputPlace);
            output = known;
        }
        return known;
    }

    Proxy inputs() {
        forgetOld();
        Proxy known = inputs;
        if (known == null) {
            known = intervention(inputPlace);
            inputs = known;
        }
        return known;
    }

    void setOutput(@Nullable Object value) {
        swap(output(), value);
        output = null;
    }

    void setInputs(@Nullable Object value) {
        swap(inputs(), value);
        inputs = null;
    }

    private void swap(Proxy place, @Nullable Object value) {
        recorder.record(new Operation.Swap(recorder.node(place), recorder.value(value)));
    }

    void next(int calls) {
        forgetOld();
        call += calls;
        output = null;
        inputs = null;
    }

    private Proxy intervention(Place place) {
        int batchGroup = recorder.trace().batchGroup();
        return recorder.record(new Operation.Intervention(place, batchGroup, call + recorder.callsAhead()));
    }

    private void forgetOld() {
        if (proxyEpoch != recorder.proxyEpoch()) {
            proxyEpoch = recorder.proxyEpoch();
            output = null;
            inputs = null;
        }
        if (callEpoch != recorder.callEpoch()) {
            callEpoch = recorder.callEpoch();
            call = 0;
        }
    }
}
