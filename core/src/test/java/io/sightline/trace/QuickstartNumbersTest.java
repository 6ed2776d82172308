package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Scope;
import io.sightline.engine.Torch;
import io.sightline.envoy.Functions;
import io.sightline.envoy.Proxy;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What transformers 5.18 and torch 2.13 measured on the quickstart model by patching and ablation (conf/quickstart). */
class QuickstartNumbersTest {
    private static final String BOS = "<|endoftext|>";
    private static long before;
    private static LanguageModel model = open();

    private static LanguageModel open() {
        before = Torch.liveTensors();
        return LanguageModel.open(Fixtures.repositoryPath("conf/quickstart/model"));
    }

    @BeforeAll
    static void reopen() {
        assertThat(model.isDispatched()).isTrue();
    }

    @AfterAll
    static void closeAndCount() {
        model.close();
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private static List<JsonNode> lines(String file) {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/" + file))) {
                lines.add(json.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static long firstToken(String answer) {
        return model.tokenizer().encodeWithoutSpecialTokens(answer).ids()[0];
    }

    @ParameterizedTest
    @CsvSource({"0, 0.032, 0.035", "1, 0.036, 0.035", "2, 0.416, 0.439", "3, 0.929, 0.982", "4, 0.995, 1.000"})
    void patchingTheLastTokenOfABlockGivesThePublishedProbabilitiesAndFlips(int layer, double mean, double flips) {
        double sum = 0;
        int flipped = 0;
        int pairs = 0;
        for (JsonNode pair : lines("pairs.jsonl")) {
            long clean = firstToken(pair.get("clean_answer").asText());
            long corrupt = firstToken(pair.get("corrupt_answer").asText());
            if (clean != corrupt) {
                float[] probabilities = patched(layer, pair);
                sum += probabilities[(int) clean];
                flipped += largest(probabilities) == clean ? 1 : 0;
                pairs++;
            }
        }
        assertThat(pairs).isEqualTo(57);
        assertThat(sum / pairs).isEqualTo(mean, within(6e-4));
        assertThat((double) flipped / pairs).isEqualTo(flips, within(6e-4));
    }

    private static float[] patched(int layer, JsonNode pair) {
        try (Scope scope = Scope.open()) {
            Proxy probabilities;
            try (Tracer trace = model.trace()) {
                Proxy source;
                try (Invoker clean = trace.invoke(BOS + pair.get("clean").asText())) {
                    source = model.get("transformer.h." + layer).output().get(0).get(all(), -1);
                }
                try (Invoker corrupt = trace.invoke(BOS + pair.get("corrupt").asText())) {
                    model.get("transformer.h." + layer)
                            .output()
                            .get(0)
                            .at(all(), -1)
                            .set(source);
                    Proxy logits = model.get("lm_head").output().get(0, -1);
                    probabilities = Functions.softmax(logits, -1).save();
                }
                trace.run();
            }
            return probabilities.tensor().toFloatArray();
        }
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 5})
    void zeroingALayersAttentionGivesThePublishedAccuracies(int layer) {
        Map<String, Double> accuracy = accuracies(layer);
        switch (layer) {
            case 0 -> {
                near(accuracy, "ioi", 0.061);
                near(accuracy, "induction", 0.0);
                near(accuracy, "arithmetic", 0.880);
            }
            case 2 -> {
                near(accuracy, "arithmetic", 0.220);
                near(accuracy, "agreement", 0.786);
                near(accuracy, "ioi", 0.982);
                near(accuracy, "induction", 0.900);
            }
            default -> assertThat(accuracy.values()).allMatch(value -> value == 1.0);
        }
    }

    private static void near(Map<String, Double> accuracy, String task, double published) {
        assertThat(accuracy.get(task)).as(task).isEqualTo(published, within(6e-4));
    }

    /** Share of right first tokens by task, over every fourth prompt. */
    private static Map<String, Double> accuracies(int layer) {
        Map<String, List<JsonNode>> tasks = new TreeMap<>();
        List<JsonNode> prompts = lines("prompts.jsonl");
        for (int i = 0; i < prompts.size(); i += 4) {
            tasks.computeIfAbsent(prompts.get(i).get("task").asText(), task -> new ArrayList<>())
                    .add(prompts.get(i));
        }
        Map<String, Double> accuracies = new LinkedHashMap<>();
        tasks.forEach((task, of) -> accuracies.put(task, accuracy(layer, of)));
        return accuracies;
    }

    private static double accuracy(int layer, List<JsonNode> prompts) {
        List<String> texts = prompts.stream()
                .map(prompt -> BOS + prompt.get("text").asText())
                .toList();
        try (Scope scope = Scope.open()) {
            Proxy next;
            try (Tracer trace = model.trace(texts)) {
                model.get("transformer.h." + layer + ".attn")
                        .output()
                        .get(0)
                        .at(all())
                        .set(0);
                next = model.get("lm_head").output().get(all(), -1).argmax(-1).save();
                trace.run();
            }
            long[] chosen = next.tensor().toLongArray();
            int right = 0;
            for (int i = 0; i < chosen.length; i++) {
                right += chosen[i] == firstToken(prompts.get(i).get("answer").asText()) ? 1 : 0;
            }
            return (double) right / chosen.length;
        }
    }
}
