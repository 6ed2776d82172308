package io.sightline.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * The templates of a tokenizer.json's post-processor, checked: one that names a special token which it does not define makes Hugging Face's
 * library abort the whole process once it is used.
 */
final class Templates {
    private final Path file;

    private Templates(Path file) {
        this.file = file;
    }

    /** @throws IllegalArgumentException if a template is not whole */
    static void check(Path file, JsonNode tokenizer) {
        new Templates(file).check(tokenizer.path("post_processor"));
    }

    private void check(JsonNode processor) {
        for (JsonNode each : processor.path("processors")) {
            check(each);
        }
        for (String template : new String[] {"single", "pair"}) {
            for (JsonNode piece : processor.path(template)) {
                if (piece.has("SpecialToken")) {
                    checkDefined(piece.path("SpecialToken").path("id").asText(), processor.path("special_tokens"));
                }
            }
        }
    }

    private void checkDefined(String token, JsonNode defined) {
        JsonNode definition = defined.path(token);
        int ids = definition.path("ids").size();
        if (ids == 0 || ids != definition.path("tokens").size()) {
            throw new IllegalArgumentException(
                    file + " is not a tokenizer that can be read: its post_processor adds the special token '" + token
                            + "', which its special_tokens do not define with as many ids as tokens");
        }
    }
}
