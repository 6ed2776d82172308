package io.sightline.job.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a job file. Every complaint is a {@link ConfigException} that names the key. */
public final class JobFileReader {
    private JobFileReader() {}

    /**
     * @param yaml the job file's text
     * @param overrides {@code --set} settings by key, in order
     */
    public static JobFile read(String yaml, Map<String, String> overrides) {
        ObjectNode tree = YamlText.mapping(yaml, "job file", "name, model, prompts, capture and output");
        Overrides.apply(tree, overrides, YamlText.MAPPER);
        Section root = new Section("", tree);
        JobFile job = new JobFile(
                yaml,
                new LinkedHashMap<>(overrides),
                flatten(tree),
                root.text("name", "a name for the job"),
                model(root.section("model")),
                PromptSourceReader.read(root.section("prompts")),
                root.optionalText("graph", "the path of a graph's JSON file"),
                root.sections("capture").stream().map(CaptureReader::read).toList(),
                batch(root.section("batch")),
                chunk(root.section("chunk")),
                swapped(root),
                errorLimit(root.section("errors")),
                output(root.section("output")));
        root.finish();
        CaptureReader.requireUsable(job);
        return job;
    }

    private static Map<String, String> flatten(JsonNode tree) {
        Map<String, String> settings = new TreeMap<>();
        flatten("", tree, settings);
        return settings;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> settings) {
        if (node.isObject()) {
            node.fields()
                    .forEachRemaining(entry -> flatten(
                            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), settings));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isContainerNode()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.get(i), settings);
            }
        } else if (!node.isNull()) {
            settings.put(path, node.isTextual() ? node.textValue() : node.toString());
        }
    }

    private static ModelSource model(Section section) {
        ModelSource model = new ModelSource(
                section.text("path", "a checkpoint directory, or a Hadoop URI of one"),
                section.choice("dtype", "auto", "float32", "float16", "bfloat16"),
                section.choice("device", "auto", "cpu", "cuda"),
                section.choice("attention", "auto", "eager", "sdpa"));
        section.finish();
        return model;
    }

    private static BatchLimits batch(Section section) {
        BatchLimits limits =
                new BatchLimits(section.integer("max_tokens", 8192, 1), section.integer("max_size", 64, 1));
        section.finish();
        return limits;
    }

    private static ChunkLimits chunk(Section section) {
        ChunkLimits limits = new ChunkLimits(section.optionalInteger("rows", 1), section.optionalInteger("tokens", 1));
        section.finish();
        return limits;
    }

    private static @Nullable Integer errorLimit(Section section) {
        Integer limit = section.optionalInteger("limit", 0);
        section.finish();
        return limit;
    }

    /** {@code values: { name: node }} the other way round. */
    private static Map<String, String> swapped(Section root) {
        Map<String, String> byNode = new LinkedHashMap<>();
        root.mapping("values", "names and the graph's nodes they stand for, such as {logits: getitem_8}")
                .forEach((name, node) -> {
                    if (byNode.put(node, name) != null) {
                        throw new ConfigException("values: node '" + node + "' is given two names");
                    }
                });
        return byNode;
    }

    private static OutputTarget output(Section section) {
        OutputTarget output = new OutputTarget(
                section.text("path", "the directory to write to"),
                section.choice("format", "parquet", "iceberg"),
                section.choice("compression", "zstd", "snappy", "gzip", "none").toLowerCase(Locale.ROOT));
        section.finish();
        return output;
    }
}
