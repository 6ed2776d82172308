package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Device;
import io.sightline.engine.ResidentMemory;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Args;
import io.sightline.token.TokenBatch;
import io.sightline.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The trained quickstart model: what it answers, and that it runs without piling up memory. */
class QuickstartTest {
    private static final Map<String, Double> README_ACCURACY =
            Map.of("ioi", 1.0, "fact", 1.0, "sentiment", 1.0, "agreement", 1.0, "arithmetic", 0.99, "induction", 1.0);

    @Test
    void itAnswersAsItsReadmeSays() throws IOException {
        Map<String, int[]> counts = new TreeMap<>();
        try (PretrainedModel model =
                        PretrainedModel.open(Fixtures.repositoryPath("conf/quickstart/model"), LoadOptions.DEFAULT);
                Tokenizer tokenizer = Tokenizer.open(Fixtures.repositoryPath("conf/quickstart/model"))) {
            List<Prompt> prompts = prompts(tokenizer);
            for (int start = 0; start < prompts.size(); start += 64) {
                List<Prompt> batch = prompts.subList(start, Math.min(start + 64, prompts.size()));
                long[] answers = answers(model, tokenizer, batch);
                for (int i = 0; i < answers.length; i++) {
                    int[] count = counts.computeIfAbsent(batch.get(i).task, task -> new int[2]);
                    count[0] += answers[i] == batch.get(i).answer ? 1 : 0;
                    count[1]++;
                }
            }
        }
        assertThat(counts.keySet()).isEqualTo(new TreeMap<>(README_ACCURACY).keySet());
        counts.forEach((task, count) -> assertThat((double) count[0] / count[1])
                .as(task)
                .isBetween(README_ACCURACY.get(task) - 0.005, README_ACCURACY.get(task) + 0.005));
    }

    private record Prompt(String task, long[] ids, long answer) {}

    private static List<Prompt> prompts(Tokenizer tokenizer) throws IOException {
        List<Prompt> prompts = new ArrayList<>();
        long bos = tokenizer.bosId().orElseThrow();
        for (String line : Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"))) {
            JsonNode json = new ObjectMapper().readTree(line);
            long[] ids = LongStream.concat(
                            LongStream.of(bos),
                            LongStream.of(
                                    tokenizer.encode(json.path("text").asText()).ids()))
                    .toArray();
            long answer = tokenizer.encode(json.path("answer").asText()).ids()[0];
            prompts.add(new Prompt(json.path("task").asText(), ids, answer));
        }
        prompts.sort(Comparator.comparingInt(prompt -> prompt.ids.length));
        return prompts;
    }

    private static long[] answers(PretrainedModel model, Tokenizer tokenizer, List<Prompt> prompts) {
        List<long[]> rows = prompts.stream().map(Prompt::ids).toList();
        try (Scope scope = Scope.open();
                TokenBatch batch = TokenBatch.leftPadded(rows, tokenizer.eosId().orElseThrow(), Device.CPU)) {
            return logits(model, batch).argmax(-1).toLongArray();
        }
    }

    /** The last token's, {@code [batch, 1, vocab]}. */
    private static Tensor logits(PretrainedModel model, TokenBatch batch) {
        Map<String, Object> keywords = Map.of(
                "input_ids", batch.inputIds(),
                "attention_mask", batch.attentionMask(),
                "position_ids", batch.positionIds(),
                "logits_to_keep", 1L);
        return (Tensor) ((Map<?, ?>) model.module().call(new Args(List.of(), keywords))).get("logits");
    }

    @Test
    void twoHundredForwardPassesKeepTensorsAndMemoryFlat() {
        try (PretrainedModel model =
                PretrainedModel.open(Fixtures.repositoryPath("conf/quickstart/model"), LoadOptions.DEFAULT)) {
            List<long[]> rows = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                rows.add(LongStream.range(0, 10 + i).toArray());
            }
            long live = Torch.liveTensors();
            long warm = 0;
            for (int step = 0; step < 200; step++) {
                try (Scope scope = Scope.open();
                        TokenBatch batch = TokenBatch.leftPadded(rows, 0, Device.CPU)) {
                    logits(model, batch);
                }
                assertThat(Torch.liveTensors()).isEqualTo(live);
                if (step == 50) {
                    warm = ResidentMemory.bytes();
                }
            }
            assertThat(ResidentMemory.bytes() - warm).isLessThan(32L << 20);
        }
    }
}
