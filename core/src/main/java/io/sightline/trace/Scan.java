package io.sightline.trace;

import io.sightline.envoy.Recorder;
import io.sightline.graph.GraphBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trace that runs on shapes only, without weights: {@link io.sightline.envoy.Proxy#knownShape} and its siblings answer inside it.
 * Nothing else comes of it.
 */
public final class Scan extends Context {
    private final OpenContext context;
    private final ShapeScan shapes;

    Scan(Subject model, @Nullable Object[] inputs) {
        super(model.recorder());
        EncodedInput input = model.encode(inputs);
        Tracer.Recorded recorded = new Tracer.Recorded(
                Map.of(),
                List.of(input.value()),
                GraphBuilder.dataDriven(model.edits().nodes()));
        this.context = OpenContext.open(recorder(), recorded.graph());
        this.shapes = model.shapes(recorded);
        context.run().scanWith(shapes);
        recorder().enter(new Recorder.TraceScope(0, input.tokens(), false));
    }

    @Override
    public void close() {
        shapes.close();
        context.close();
    }
}
