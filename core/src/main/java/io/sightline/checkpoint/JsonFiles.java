package io.sightline.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.checkpoint.safetensors.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON objects from files that may be hostile. */
final class JsonFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** No config or shard index comes near this. */
    private static final long MAX_BYTES = 256L << 20;

    private JsonFiles() {}

    static ObjectNode readObject(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CheckpointException(file, "it is larger than " + MAX_BYTES + " bytes, which cannot be right");
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new CheckpointException(file, "expected a JSON object");
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file, "it is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
