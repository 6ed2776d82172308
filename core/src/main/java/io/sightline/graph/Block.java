package io.sightline.graph;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph with what it needs to run: a trace of the model, a loop, or a session that holds both. */
public sealed interface Block extends Serializable {
    Graph graph();

    /**
     * One run of the model with the graph interleaved ({@code TRACER}).
     *
     * @param kwargs the trace's own, such as {@code generate} and {@code max_new_tokens}
     * @param invokerInputs one for each invoke
     */
    record Trace(Map<String, Value> kwargs, List<Value> invokerInputs, Graph graph) implements Block {
        public Trace {
            kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
            invokerInputs = List.copyOf(invokerInputs);
        }
    }

    /** A graph run once for each item of {@code data} ({@code ITERATOR}). */
    record Loop(Value data, Graph graph) implements Block {}

    /** Several traces and loops as one unit ({@code SESSION}). */
    record Session(Graph graph) implements Block {}
}
