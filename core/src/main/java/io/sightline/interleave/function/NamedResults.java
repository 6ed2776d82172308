package io.sightline.interleave.function;

import io.sightline.engine.Tuple;
import io.sightline.python.NamedTuple;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Python makes of several results: the named tuples of {@code torch.return_types}, and plain ones. */
final class NamedResults {
    private static final List<String> VALUES = List.of("values", "indices");

    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("max", VALUES),
            Map.entry("min", VALUES),
            Map.entry("sort", VALUES),
            Map.entry("topk", VALUES),
            Map.entry("kthvalue", VALUES),
            Map.entry("median", VALUES),
            Map.entry("nanmedian", VALUES),
            Map.entry("mode", VALUES),
            Map.entry("cummax", VALUES),
            Map.entry("cummin", VALUES),
            Map.entry("aminmax", List.of("min", "max")),
            Map.entry("svd", List.of("U", "S", "V")),
            Map.entry("qr", List.of("Q", "R")),
            Map.entry("slogdet", List.of("sign", "logabsdet")),
            Map.entry("frexp", List.of("mantissa", "exponent")),
            Map.entry("histogram", List.of("hist", "bin_edges")));

    private NamedResults() {}

    static @Nullable Object of(String function, @Nullable Object result) {
        if (result instanceof Tuple tuple) {
            List<String> fields = FIELDS.get(function);
            return fields != null && fields.size() == tuple.size() ? new NamedTuple(fields, tuple) : tuple;
        }
        return result instanceof List<?> list ? Tuple.copyOf(list) : result;
    }
}
