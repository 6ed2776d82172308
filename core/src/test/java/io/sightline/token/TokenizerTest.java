package io.sightline.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Device;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {
    static Stream<String> models() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.path("tokenization"))) {
            return files.map(file -> file.getFileName().toString().replace(".json", "")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void idsTokensAndTextAreTransformers(String name) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Fixtures.path("tokenization/" + name + ".json").toFile());
        try (Tokenizer tokenizer = Tokenizer.open(Fixtures.path("models/" + name))) {
            assertThat(tokenizer.bosId()).isEqualTo(optional(expected.path("bos")));
            assertThat(tokenizer.eosId()).isEqualTo(optional(expected.path("eos")));
            assertThat(tokenizer.padId()).isEqualTo(optional(expected.path("pad")));
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(expected.path("vocab_size_with_added").asInt());
            assertThat(expected.path("cases")).isNotEmpty();
            for (JsonNode one : expected.path("cases")) {
                Tokenizer.Encoding encoding = tokenizer.encode(one.path("text").asText());
                assertThat(encoding.ids()).isEqualTo(longs(one.path("ids")));
                assertThat(encoding.tokens()).containsExactly(strings(one.path("tokens")));
                assertThat(tokenizer
                                .encodeWithoutSpecialTokens(one.path("text").asText())
                                .ids())
                        .isEqualTo(longs(one.path("ids_without_special")));
                assertThat(tokenizer.decode(encoding.ids()))
                        .isEqualTo(one.path("decoded").asText());
                assertThat(tokenizer.decodeSkippingSpecialTokens(encoding.ids()))
                        .isEqualTo(one.path("decoded_skip_special").asText());
                for (int i = 0; i < encoding.ids().length; i++) {
                    assertThat(tokenizer.token(encoding.ids()[i])).isEqualTo(encoding.tokens()[i]);
                }
            }
        }
    }

    private static OptionalLong optional(JsonNode id) {
        return id.isNull() ? OptionalLong.empty() : OptionalLong.of(id.asLong());
    }

    private static long[] longs(JsonNode list) {
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asLong();
        }
        return values;
    }

    private static String[] strings(JsonNode list) {
        List<String> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asText()));
        return values.toArray(String[]::new);
    }

    /** {@code token/offsets.json}: what Python's tokenizers library gives for the same texts, counted in UTF-16 units. */
    @ParameterizedTest
    @MethodSource("models")
    void offsetsAreThoseOfPythonInJavaChars(String name) throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(Fixtures.path("tokenization/" + name + ".json").toFile())
                .path("cases");
        JsonNode expected = new ObjectMapper()
                .readTree(TokenizerTest.class.getResource("/token/offsets.json"))
                .path(name);
        assertThat(expected).hasSameSizeAs(cases).isNotEmpty();
        try (Tokenizer tokenizer = Tokenizer.open(Fixtures.path("models/" + name))) {
            for (int i = 0; i < cases.size(); i++) {
                int[][] offsets =
                        tokenizer.encode(cases.get(i).path("text").asText()).offsets();
                assertThat(offsets).hasNumberOfRows(expected.get(i).size());
                for (int token = 0; token < offsets.length; token++) {
                    JsonNode pair = expected.get(i).get(token);
                    assertThat(offsets[token])
                            .containsExactly(pair.get(0).asInt(), pair.get(1).asInt());
                }
            }
        }
    }

    @Test
    void aLoneSurrogateIsRefusedAndANulIsNot() {
        try (Tokenizer tokenizer = Tokenizer.open(Fixtures.path("models/gpt2"))) {
            assertThatThrownBy(() -> tokenizer.encode("ab\ud83d"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("char 2");
            assertThat(tokenizer.decode(tokenizer.encode("a\0b").ids())).isEqualTo("a\0b");
            assertThatThrownBy(() -> tokenizer.token(512)).hasMessageContaining("512");
            assertThatThrownBy(() -> tokenizer.decode(new long[] {-1})).hasMessageContaining("-1");
            assertThat(tokenizer.decode(new long[] {100_000})).isEmpty();
        }
    }

    @Test
    void aDirectoryWithoutTokenizerSaysThatIdsStillWork(@TempDir Path folder) throws IOException {
        assertThat(Tokenizer.isPresent(folder)).isFalse();
        assertThatThrownBy(() -> Tokenizer.open(folder)).hasMessageContaining("input_ids");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokenizer.json");
        Files.writeString(folder.resolve("tokenizer.json"), "not JSON");
        assertThatThrownBy(() -> Tokenizer.open(folder)).hasMessageContaining("not valid JSON");
    }

    @Test
    void aTemplateThatNamesAnUndefinedTokenIsRefusedAndNotLeftToAbortTheProcess(@TempDir Path folder)
            throws IOException {
        String tokenizer = """
                {"version": "1.0", "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}, "post_processor": %s}""";
        String template = """
                {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "X", "type_id": 0}}], "pair": [],
                 "special_tokens": %s}""";
        for (String defined : List.of("{}", "{\"X\": {\"id\": \"X\", \"ids\": [1, 2], \"tokens\": [\"X\"]}}")) {
            String alone = template.formatted(defined);
            for (String processor : List.of(alone, "{\"type\": \"Sequence\", \"processors\": [" + alone + "]}")) {
                Files.writeString(folder.resolve("tokenizer.json"), tokenizer.formatted(processor));
                assertThatThrownBy(() -> Tokenizer.open(folder))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("'X'");
            }
        }
    }

    @Test
    void batchesArePaddedOnTheLeftWithMaskAndPositions() {
        long before = Torch.liveTensors();
        try (TokenBatch batch = TokenBatch.leftPadded(List.of(new long[] {5, 6, 7}, new long[] {8}), 0, Device.CPU)) {
            assertThat(batch.inputIds().shape()).containsExactly(2, 3);
            assertThat(batch.inputIds().toLongArray()).containsExactly(5, 6, 7, 0, 0, 8);
            assertThat(batch.attentionMask().toLongArray()).containsExactly(1, 1, 1, 0, 0, 1);
            assertThat(batch.positionIds().toLongArray()).containsExactly(0, 1, 2, 1, 1, 0);
            assertThat(batch.lengths()).containsExactly(3, 1);
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
        assertThatThrownBy(() -> TokenBatch.leftPadded(List.of(new long[0]), 0, Device.CPU))
                .hasMessageContaining("no tokens");
    }
}
