package io.sightline.job.extract;

import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.List;

/** The nodes whose values an operation uses. */
public final class References {
    private References() {}

    public static List<String> of(Operation operation) {
        return Operands.of(operation).stream()
                .flatMap(value -> Value.references(value).stream())
                .map(Value.NodeReference::name)
                .toList();
    }
}
