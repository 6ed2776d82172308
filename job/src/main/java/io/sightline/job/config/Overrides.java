package io.sightline.job.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Lays {@code --set} settings over a YAML tree: {@code batch.max_size=8}, {@code capture[0].tokens=[0, -1]},
 * {@code capture.0.dtype=float16}. Values are read as YAML; mappings on the way are made where they are missing.
 */
final class Overrides {
    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

    private Overrides() {}

    static void apply(ObjectNode root, Map<String, String> settings, ObjectMapper yaml) {
        settings.forEach((key, value) -> set(root, key, parse(key, value, yaml)));
    }

    private static JsonNode parse(String key, String value, ObjectMapper yaml) {
        try {
            JsonNode node = yaml.readTree(value);
            return node.isMissingNode() ? yaml.nullNode() : node;
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    "--set " + key + "=" + value + ": the value is no YAML: " + e.getOriginalMessage(), e);
        }
    }

    private static void set(ObjectNode root, String key, JsonNode value) {
        List<String> steps = List.of(INDEX.matcher(key).replaceAll(".$1").split("\\.", -1));
        JsonNode at = root;
        for (String step : steps.subList(0, steps.size() - 1)) {
            at = descend(at, step, key);
        }
        String last = steps.get(steps.size() - 1);
        if (at instanceof ObjectNode object) {
            object.set(last, value);
        } else {
            ArrayNode list = (ArrayNode) at;
            list.set(index(list, last, key), value);
        }
    }

    private static JsonNode descend(JsonNode at, String step, String key) {
        JsonNode next = at instanceof ArrayNode list ? list.get(index(list, step, key)) : at.get(step);
        if ((next == null || next.isNull()) && at instanceof ObjectNode object) {
            return object.putObject(step);
        }
        if (next == null || !next.isContainerNode()) {
            throw new ConfigException("--set " + key + ": '" + step + "' holds no keys of its own, it is "
                    + (next == null ? "null" : Section.shown(next)));
        }
        return next;
    }

    private static int index(ArrayNode list, String step, String key) {
        int index = step.matches("\\d{1,9}") ? Integer.parseInt(step) : -1;
        if (index < 0 || index >= list.size()) {
            throw new ConfigException(
                    "--set " + key + ": '" + step + "' should be an item's number, 0 to " + (list.size() - 1));
        }
        return index;
    }
}
