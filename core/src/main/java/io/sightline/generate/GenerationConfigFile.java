package io.sightline.generate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code generation_config.json}, the file transformers' {@code GenerationConfig} writes beside a checkpoint; older checkpoints keep
 * the same ids in {@code config.json}.
 */
final class GenerationConfigFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Lengths and sampling on or off are the caller's affair, not the checkpoint's. */
    private static final Set<String> FROM_GENERATION_CONFIG =
            Set.of("eos_token_id", "pad_token_id", "temperature", "top_k", "top_p", "min_p", "repetition_penalty");

    private static final Set<String> FROM_CONFIG = Set.of("eos_token_id", "pad_token_id");

    private GenerationConfigFile() {}

    static GenerateOptions read(Path directory) {
        Path file = directory.resolve("generation_config.json");
        if (Files.exists(file)) {
            return options(file, FROM_GENERATION_CONFIG);
        }
        Path config = directory.resolve("config.json");
        return Files.exists(config) ? options(config, FROM_CONFIG) : GenerateOptions.DEFAULT;
    }

    private static GenerateOptions options(Path file, Set<String> keys) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>(parse(file));
        keywords.keySet().retainAll(keys);
        try {
            return GenerateOptions.DEFAULT.withKeywords(keywords);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> parse(Path file) {
        try {
            return JSON.readValue(file.toFile(), new TypeReference<Map<String, @Nullable Object>>() {});
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " is not a JSON object: " + e.getMessage(), e);
        }
    }
}
