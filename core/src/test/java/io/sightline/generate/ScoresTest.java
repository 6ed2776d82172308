package io.sightline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Against transformers' own processors and torch.multinomial: generate/warpers.py wrote warpers.json. */
class ScoresTest {
    private static final JsonNode REFERENCE = reference();

    private static JsonNode reference() {
        try {
            return new ObjectMapper()
                    .readTree(Fixtures.repositoryPath("core/src/test/resources/generate/warpers.json")
                            .toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[] floats(JsonNode rows) {
        float[] values = new float[rows.size() * rows.get(0).size()];
        int i = 0;
        for (JsonNode row : rows) {
            for (JsonNode value : row) {
                values[i++] = value.isNull() ? Float.NEGATIVE_INFINITY : (float) value.asDouble();
            }
        }
        return values;
    }

    private static Tensor scores() {
        return Tensor.of(floats(REFERENCE.get("scores")), 3, 12);
    }

    private static Sampling sampling(String name) {
        Map<String, Object> keywords = new LinkedHashMap<>(Map.of("top_k", 0L));
        for (String part : name.split(",")) {
            String value = part.substring(part.indexOf('=') + 1);
            keywords.put(
                    part.substring(0, part.indexOf('=')),
                    value.contains(".") ? (Object) Double.valueOf(value) : Long.valueOf(value));
        }
        return GenerateOptions.DEFAULT.withKeywords(keywords).sampling();
    }

    @TestFactory
    Iterable<DynamicTest> warpersEqualTransformers() {
        return () -> StreamSupport.stream(REFERENCE.get("cases").spliterator(), false)
                .map(reference -> DynamicTest.dynamicTest(reference.get("name").asText(), () -> check(reference)))
                .iterator();
    }

    private static void check(JsonNode reference) {
        String name = reference.get("name").asText();
        try (Scope scope = Scope.open()) {
            Tensor result = name.startsWith("repetition")
                    ? Scores.repetitionPenalty(scores(), ids(), 1.3)
                    : Scores.warp(scores(), sampling(name));
            assertThat(result.toFloatArray()).containsExactly(floats(reference.get("scores")), within(1e-6f));
        }
    }

    private static Tensor ids() {
        return Tensor.of(new long[] {1, 5, 5, 0, 11, 3, 2, 2, 2}, 3, 3);
    }

    @Test
    void seededDrawsAreTorchs() {
        REFERENCE.get("draws").fields().forEachRemaining(draw -> {
            long seed = Long.parseLong(draw.getKey());
            GenerateOptions options = GenerateOptions.DEFAULT
                    .with(Selection.SAMPLED)
                    .withSampling(s -> s.withTopK(0).withSeed(seed));
            try (Scope scope = Scope.open();
                    TokenChooser chooser = new TokenChooser(options, Device.CPU)) {
                for (JsonNode step : draw.getValue()) {
                    long[] expected = {
                        step.get(0).asLong(), step.get(1).asLong(), step.get(2).asLong()
                    };
                    assertThat(chooser.choose(ids(), scores(), 0).toLongArray())
                            .as("seed %s", seed)
                            .containsExactly(expected);
                }
            }
        });
    }

    @Test
    void minNewTokensHoldsTheEndBack() {
        GenerateOptions options = GenerateOptions.DEFAULT.withMinNewTokens(2).withEosTokenIds(List.of(1L));
        try (Scope scope = Scope.open();
                TokenChooser chooser = new TokenChooser(options, Device.CPU)) {
            Tensor logits = Tensor.of(new float[] {0, 9, 5}, 1, 3);
            Tensor ids = Tensor.of(new long[] {0}, 1, 1);
            assertThat(chooser.choose(ids, logits, 1).toLongArray()).containsExactly(2);
            assertThat(chooser.choose(ids, logits, 2).toLongArray()).containsExactly(1);
        }
    }
}
