package io.sightline.job.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** A settings file's text as one mapping; a key that is given twice is refused. */
public final class YamlText {
    static final ObjectMapper MAPPER =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private YamlText() {}

    /**
     * @param what the file's name in messages, such as {@code "job file"}
     * @param keys the keys that it should have, for the message when it is no mapping
     * @throws ConfigException if it is no YAML, or no mapping
     */
    public static ObjectNode mapping(String yaml, String what, String keys) {
        try {
            if (MAPPER.readTree(yaml) instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException("the " + what + " should be a mapping with the keys " + keys);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            String problem =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new ConfigException("the " + what + " is no valid YAML" + line + ": " + problem, e);
        }
    }
}
