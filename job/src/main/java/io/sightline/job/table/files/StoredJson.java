package io.sightline.job.table.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Records as JSON: snake_case, indented, keys of maps sorted. Keys that a later version adds are skipped. */
public final class StoredJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StoredJson() {}

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /** Jackson's own words name classes and offsets. */
    private static String problem(String json, Exception e) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            String content = tree.path("content").asText();
            if (!content.isEmpty()) {
                return "it says that its directory holds " + content;
            }
            return "it has other keys"
                    + (e instanceof JsonMappingException mapping
                                    && !mapping.getPath().isEmpty()
                            ? ", or another value of '"
                                    + mapping.getPath().get(0).getFieldName() + "'"
                            : "");
        } catch (JsonProcessingException syntax) {
            JsonLocation at = syntax.getLocation();
            return "it is not JSON" + (at == null ? "" : " (line " + at.getLineNr() + ")");
        }
    }

    /** @throws IllegalArgumentException if {@code json} is not what {@code what} says, in words */
    public static <T> T read(String json, Class<T> type, String what) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a " + what + ": " + problem(json, e), e);
        }
    }
}
