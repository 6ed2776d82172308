package io.sightline.job.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a YAML file, read key by key. It remembers the keys it was asked for, so that {@link #finish} can refuse the others
 * with a suggestion. Every complaint starts with the key's path, {@code capture[0].tokens}.
 */
public final class Section {
    private final String path;
    private final ObjectNode node;
    private final Set<String> known = new LinkedHashSet<>();

    public Section(String path, ObjectNode node) {
        this.path = path;
        this.node = node;
    }

    /** The full path of {@code key}, for messages. */
    public String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The value under {@code key}, or null where it is absent or null. */
    public @Nullable JsonNode value(String key) {
        known.add(key);
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    /** A complaint about {@code key}. */
    public ConfigException wrong(String key, String expected) {
        JsonNode value = value(key);
        return new ConfigException(
                value == null
                        ? pathOf(key) + " is missing: expected " + expected
                        : pathOf(key) + ": expected " + expected + ", got " + shown(value));
    }

    static String shown(JsonNode value) {
        return value.isTextual() ? "'" + value.textValue() + "'" : value.toString();
    }

    /** The text under {@code key}, which must be there. Numbers and booleans count as text. */
    public String text(String key, String meaning) {
        String text = optionalText(key, meaning);
        if (text == null) {
            throw wrong(key, meaning);
        }
        return text;
    }

    public @Nullable String optionalText(String key, String meaning) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isValueNode() || value.asText().isBlank()) {
            throw wrong(key, meaning);
        }
        return value.asText();
    }

    /** One of {@code allowed}; the first where the key is absent. */
    public String choice(String key, String... allowed) {
        String text = optionalText(key, "one of " + String.join(", ", allowed));
        if (text == null) {
            return allowed[0];
        }
        if (!List.of(allowed).contains(text)) {
            throw new ConfigException(pathOf(key) + ": expected one of " + String.join(", ", allowed) + ", got '" + text
                    + "'" + Nearest.hint(text, List.of(allowed)));
        }
        return text;
    }

    /** A whole number of at least {@code least}, or null where the key is absent. */
    public @Nullable Integer optionalInteger(String key, int least) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw wrong(key, "a whole number of at least " + least);
        }
        return value.intValue();
    }

    public int integer(String key, int standard, int least) {
        Integer given = optionalInteger(key, least);
        return given == null ? standard : given;
    }

    /** A list of texts; one text alone counts as a list of one. Empty where the key is absent. */
    public List<String> texts(String key, String meaning) {
        JsonNode value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(text(key, meaning));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isValueNode() || item.isNull() || item.asText().isBlank()) {
                throw wrong(key, meaning);
            }
            texts.add(item.asText());
        }
        return texts;
    }

    /** A mapping of names to plain values, in order. Empty where the key is absent. */
    public Map<String, String> mapping(String key, String meaning) {
        JsonNode value = value(key);
        Map<String, String> entries = new LinkedHashMap<>();
        if (value == null) {
            return entries;
        }
        if (!value.isObject()) {
            throw wrong(key, meaning);
        }
        value.fields().forEachRemaining(entry -> {
            if (!entry.getValue().isValueNode()) {
                throw wrong(key, meaning);
            }
            entries.put(entry.getKey(), entry.getValue().asText());
        });
        return entries;
    }

    /** The mapping under {@code key}; an empty one where it is absent. */
    public Section section(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return new Section(pathOf(key), node.objectNode());
        }
        if (value instanceof ObjectNode object) {
            return new Section(pathOf(key), object);
        }
        throw wrong(key, "a mapping of keys to values");
    }

    /** The list of mappings under {@code key}; empty where it is absent. */
    public List<Section> sections(String key) {
        JsonNode value = value(key);
        List<Section> sections = new ArrayList<>();
        if (value == null) {
            return sections;
        }
        if (!value.isArray()) {
            throw wrong(key, "a list");
        }
        for (JsonNode item : value) {
            String itemPath = pathOf(key) + "[" + sections.size() + "]";
            if (!(item instanceof ObjectNode object)) {
                throw new ConfigException(itemPath + ": expected a mapping of keys to values, got " + shown(item));
            }
            sections.add(new Section(itemPath, object));
        }
        return sections;
    }

    /**
     * Call when every key has been asked for.
     *
     * @throws ConfigException naming a key that nobody asked for, and the known one nearest to it
     */
    public void finish() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new ConfigException("unknown key '" + pathOf(key) + "'" + Nearest.hint(key, known) + " (known "
                        + (path.isEmpty() ? "at the top" : "in " + path) + ": " + String.join(", ", known) + ")");
            }
        });
    }
}
