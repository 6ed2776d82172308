package io.sightline.job.execute;

import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.List;

/** The nodes whose values an operation uses. */
final class References {
    private References() {}

    static List<String> of(Operation operation) {
        return Operands.of(operation).stream()
                .flatMap(value -> Value.references(value).stream())
                .map(Value.NodeReference::name)
                .toList();
    }
}
