package io.sightline.job.cli;

import io.sightline.engine.Tensor;
import io.sightline.interleave.Results;
import io.sightline.interleave.ResultsWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a graph gave, in a few lines: one for each saved value. */
final class TraceSummary {
    private TraceSummary() {}

    static String of(GraphFiles files, Results results, ResultsWriter written) {
        List<String> lines = new ArrayList<>();
        int values = results.values().values().stream().mapToInt(Map::size).sum();
        int unset = results.unset().values().stream().mapToInt(List::size).sum();
        Path output = files.output();
        lines.add(files.name() + ": " + values + " saved values"
                + (unset == 0 ? "" : ", " + unset + " without a value")
                + (output == null ? "" : ", " + written.tensors().size() + " tensors in " + output));
        results.values()
                .forEach((graph, nodes) ->
                        nodes.forEach((node, value) -> lines.add("  " + graph + "/" + node + "  " + shown(value))));
        results.unset()
                .forEach((graph, names) -> names.forEach(
                        node -> lines.add("  " + graph + "/" + node + "  no value: " + results.whyUnset(graph, node))));
        return String.join(System.lineSeparator(), lines);
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor.dtype().shortName() + " " + Arrays.toString(tensor.shape());
        } else if (value instanceof List<?> items) {
            return items.size() + " items";
        } else if (value instanceof Map<?, ?> map) {
            return map.size() + " entries";
        }
        String text = value == null ? "None" : String.valueOf(value);
        return text.length() > 80 ? text.substring(0, 79) + "…" : text;
    }
}
