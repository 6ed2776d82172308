package io.sightline.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The tokens of a tokenizer.json by id, added tokens included. */
final class Vocabulary {
    private final Map<Long, String> tokens = new HashMap<>();
    private final Map<String, Long> ids = new HashMap<>();

    static Vocabulary of(JsonNode tokenizer) {
        Vocabulary vocabulary = new Vocabulary();
        JsonNode vocab = tokenizer.path("model").path("vocab");
        if (vocab.isObject()) {
            vocab.fields()
                    .forEachRemaining(field ->
                            vocabulary.add(field.getKey(), field.getValue().asLong()));
        } else {
            // Unigram: [token, score] at the index that is its id.
            for (int id = 0; id < vocab.size(); id++) {
                vocabulary.add(vocab.get(id).path(0).asText(), id);
            }
        }
        for (JsonNode added : tokenizer.path("added_tokens")) {
            vocabulary.add(added.path("content").asText(), added.path("id").asLong());
        }
        return vocabulary;
    }

    private void add(String token, long id) {
        tokens.put(id, token);
        ids.put(token, id);
    }

    /** Tokens by id. */
    Map<Long, String> tokens() {
        return Collections.unmodifiableMap(tokens);
    }

    int size() {
        return tokens.size();
    }

    String token(long id) {
        String token = tokens.get(id);
        if (token == null) {
            throw new IllegalArgumentException("no token has id " + id + " in a vocabulary of " + size());
        }
        return token;
    }

    OptionalLong id(String token) {
        Long id = ids.get(token);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }
}
