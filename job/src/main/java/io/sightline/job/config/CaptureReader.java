package io.sightline.job.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads {@code capture}. */
final class CaptureReader {
    private CaptureReader() {}

    static CaptureRequest read(Section section) {
        CaptureRequest capture = new CaptureRequest(
                section.text("name", "a name for these activations"),
                section.text("module", "a module's path, such as transformer.h.*"),
                section.choice("of", "output", "input").equals("input"),
                tokens(section),
                section.choice("dtype", "float32", "float16"),
                section.optionalInteger("invoke", 0),
                section.optionalText("where", "an SQL condition"));
        section.finish();
        return capture;
    }

    private static TokenSelection tokens(Section section) {
        JsonNode value = section.value("tokens");
        if (value == null || value.isTextual()) {
            String kind = section.choice("tokens", "all", "last", "first", "mean");
            return TokenSelection.of(TokenSelection.Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
        }
        List<Integer> indices = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isIntegralNumber() || !item.canConvertToInt()) {
                throw section.wrong("tokens", "all, last, first, mean, or a list of positions such as [0, -1]");
            }
            indices.add(item.intValue());
        }
        if (indices.isEmpty()) {
            throw section.wrong("tokens", "all, last, first, mean, or a list of positions such as [0, -1]");
        }
        return new TokenSelection(TokenSelection.Kind.INDICES, indices);
    }

    static void requireUsable(JobFile job) {
        if (job.captures().isEmpty() && job.graph() == null) {
            throw new ConfigException(
                    "capture is missing: name at least one module to capture, or a graph that saves values");
        }
        Set<String> names = new HashSet<>();
        int invokes = job.prompts().invokes();
        for (CaptureRequest capture : job.captures()) {
            if (!names.add(capture.name())) {
                throw new ConfigException("capture: two entries are named '" + capture.name() + "'");
            }
            if (capture.invoke() != null && capture.invoke() >= invokes) {
                throw new ConfigException(
                        "capture '" + capture.name() + "': invoke is " + capture.invoke() + ", but prompts.text has "
                                + invokes + " column" + (invokes == 1 ? "" : "s") + ", counted from 0");
            }
        }
        if (job.graph() == null && !job.values().isEmpty()) {
            throw new ConfigException("values: names nodes of a graph, but there is no graph");
        }
    }
}
