package io.sightline.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.engine.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A typed view of config.json. Keys are transformers' own; a key that is absent or null takes the default that the caller states, which
 * is transformers'. Errors name the file and the key.
 */
public final class ModelConfig {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** No vocabulary, width or context comes near this; products of two still fit a long. */
    private static final int LARGEST_SIZE = 100_000_000;
    /** Nor a number of layers or experts near this; a module is made for each before any weight is looked at. */
    private static final int LARGEST_COUNT = 1_000;

    private final Path source;
    private final ObjectNode root;

    private ModelConfig(Path source, ObjectNode root) {
        this.source = source;
        this.root = root;
    }

    /**
     * Reads a config.json.
     *
     * @throws CheckpointException if it is not a JSON object
     */
    public static ModelConfig read(Path file) {
        return new ModelConfig(file, JsonFiles.readObject(file));
    }

    /** A config from values in memory, for tests and for models without a file. */
    public static ModelConfig of(Map<String, ? extends @Nullable Object> values) {
        return new ModelConfig(Path.of("config.json"), JSON.valueToTree(values));
    }

    /** Whether {@code key} is there and not null. */
    public boolean has(String key) {
        return root.hasNonNull(key);
    }

    /** Whether {@code key} is there and is null, which may mean something else than its absence. */
    public boolean isNull(String key) {
        return root.path(key).isNull();
    }

    /** {@code model_type}, which names the architecture; empty where the file has none. */
    public String modelType() {
        return string("model_type", "");
    }

    public String string(String key, String otherwise) {
        JsonNode value = root.path(key);
        if (!has(key)) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw wrong(key, "a string", value);
        }
        return value.asText();
    }

    /** A whole number. */
    public long integer(String key, long otherwise) {
        JsonNode value = root.path(key);
        if (!has(key)) {
            return otherwise;
        }
        if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue()) || !value.canConvertToLong()) {
            throw wrong(key, "a whole number", value);
        }
        return value.asLong();
    }

    /** A whole number that says how large something is: 1 or more, and not absurdly many. */
    public int size(String key, int otherwise) {
        return within(key, otherwise, LARGEST_SIZE);
    }

    /** As {@link #size(String, int)} where transformers has no default. */
    public int size(String key) {
        require(key);
        return size(key, 1);
    }

    /** A whole number that says how many layers or experts there are: 1 to 1,000. */
    public int count(String key, int otherwise) {
        return within(key, otherwise, LARGEST_COUNT);
    }

    /** As {@link #count(String, int)} where transformers has no default. */
    public int count(String key) {
        require(key);
        return count(key, 1);
    }

    private int within(String key, int otherwise, int largest) {
        long value = integer(key, otherwise);
        if (value < 1) {
            throw wrong(key, "a whole number of 1 or more", root.path(key));
        }
        if (value > largest) {
            throw wrong(key, "at most " + largest, root.path(key));
        }
        return (int) value;
    }

    private void require(String key) {
        if (!has(key)) {
            throw new CheckpointException(source, "it lacks '" + key + "', which " + modelType() + " needs");
        }
    }

    public double number(String key, double otherwise) {
        JsonNode value = root.path(key);
        if (!has(key)) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw wrong(key, "a number", value);
        }
        return value.asDouble();
    }

    public boolean flag(String key, boolean otherwise) {
        JsonNode value = root.path(key);
        if (!has(key)) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false", value);
        }
        return value.asBoolean();
    }

    /** A list of strings; empty where the key is absent. */
    public List<String> strings(String key) {
        List<String> values = new ArrayList<>();
        if (has(key)) {
            for (JsonNode value : list(key)) {
                if (!value.isTextual()) {
                    throw wrong(key, "a list of strings", root.path(key));
                }
                values.add(value.asText());
            }
        }
        return values;
    }

    /** A list of numbers; empty where the key is absent. */
    public List<Double> numbers(String key) {
        List<Double> values = new ArrayList<>();
        if (has(key)) {
            for (JsonNode value : list(key)) {
                if (!value.isNumber()) {
                    throw wrong(key, "a list of numbers", root.path(key));
                }
                values.add(value.asDouble());
            }
        }
        return values;
    }

    private JsonNode list(String key) {
        JsonNode value = root.path(key);
        if (!value.isArray()) {
            throw wrong(key, "a list", value);
        }
        return value;
    }

    /** One token id, or several ({@code eos_token_id} is either); empty where the key is absent. */
    public List<Long> ids(String key) {
        JsonNode value = root.path(key);
        return value.isArray()
                ? numbers(key).stream().map(Double::longValue).toList()
                : has(key) ? List.of(integer(key, 0)) : List.of();
    }

    /** How many classes a classifier tells apart: those that {@code id2label} names, or {@code num_labels}, or 2. */
    public int labelCount() {
        return has("id2label") ? Math.max(1, root.path("id2label").size()) : size("num_labels", 2);
    }

    /** The same with another value under {@code key}; a nested object may be given as one. */
    public ModelConfig with(String key, Object value) {
        ObjectNode changed = root.deepCopy();
        changed.set(key, value instanceof ModelConfig nested ? nested.root : JSON.valueToTree(value));
        return new ModelConfig(source, changed);
    }

    /** A nested object, {@code rope_scaling}. */
    public Optional<ModelConfig> object(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (root.path(key) instanceof ObjectNode object) {
            return Optional.of(new ModelConfig(source, object));
        }
        throw wrong(key, "an object", root.path(key));
    }

    /** The dtype that the checkpoint says it was saved in: {@code dtype}, or {@code torch_dtype} before transformers 4.56. */
    public Optional<DType> storedDtype() {
        String name = string("dtype", string("torch_dtype", ""));
        try {
            return name.isEmpty() || name.equals("auto") ? Optional.empty() : Optional.of(DType.parse(name));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(source, "its dtype is unknown: " + e.getMessage(), e);
        }
    }

    /** An error about this file, for a family that finds its values at odds with each other. */
    public IllegalArgumentException error(String problem) {
        return new CheckpointException(source, problem);
    }

    /** The whole object as JSON text. */
    public String json() {
        return root.toPrettyString();
    }

    private CheckpointException wrong(String key, String expected, JsonNode value) {
        return new CheckpointException(source, "'" + key + "' must be " + expected + ", but is " + value);
    }

    @Override
    public String toString() {
        return "ModelConfig(" + source + ", " + modelType() + ")";
    }
}
