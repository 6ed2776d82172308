package io.sightline.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which ids open, end and pad a text: what tokenizer_config.json says, or special_tokens_map.json. A checkpoint with neither, as one
 * with a bare tokenizer.json, falls back to generation_config.json and config.json.
 */
final class SpecialTokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vocabulary vocabulary;
    private final List<JsonNode> tokenizerFiles;
    private final List<JsonNode> modelFiles;

    private SpecialTokens(Vocabulary vocabulary, List<JsonNode> tokenizerFiles, List<JsonNode> modelFiles) {
        this.vocabulary = vocabulary;
        this.tokenizerFiles = tokenizerFiles;
        this.modelFiles = modelFiles;
    }

    static SpecialTokens read(Path directory, Vocabulary vocabulary) throws IOException {
        return new SpecialTokens(
                vocabulary,
                List.of(
                        object(directory.resolve("tokenizer_config.json")),
                        object(directory.resolve("special_tokens_map.json"))),
                List.of(object(directory.resolve("generation_config.json")), object(directory.resolve("config.json"))));
    }

    private static JsonNode object(Path file) throws IOException {
        return Files.isRegularFile(file) ? JSON.readTree(Files.readAllBytes(file)) : JSON.createObjectNode();
    }

    /** @param kind {@code bos}, {@code eos} or {@code pad} */
    OptionalLong id(String kind) {
        for (JsonNode file : tokenizerFiles) {
            JsonNode token = file.path(kind + "_token");
            // An added token may be written out with its properties.
            String content = token.isObject() ? token.path("content").asText() : token.asText("");
            if (!token.isMissingNode()
                    && !token.isNull()
                    && vocabulary.id(content).isPresent()) {
                return vocabulary.id(content);
            }
        }
        return tokenizerFiles.stream().allMatch(JsonNode::isEmpty) ? ofModel(kind) : OptionalLong.empty();
    }

    private OptionalLong ofModel(String kind) {
        for (JsonNode file : modelFiles) {
            JsonNode id = file.path(kind + "_token_id");
            JsonNode first = id.isArray() ? id.path(0) : id;
            if (first.isIntegralNumber()) {
                return OptionalLong.of(first.asLong());
            }
        }
        return OptionalLong.empty();
    }
}
