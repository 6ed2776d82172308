package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.AttentionModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scores and probabilities as places, against transformers (resources/interleave/attention, written by its make.py). */
class AttentionPatternsTest {
    private static final List<Long> A = List.of(408L, 47L, 378L, 390L, 277L, 220L, 38L);
    private static final List<Long> B = List.of(11L, 300L, 45L, 45L, 207L);
    private static final List<Long> C = List.of(7L, 19L, 301L, 77L, 402L, 5L, 160L);

    static Stream<Arguments> modelsAndKernels() {
        return Stream.of("gpt2", "llama", "gemma2", "mixtral", "opt", "gpt_neox", "bert")
                .flatMap(name -> Stream.of("eager", "sdpa").map(kind -> Arguments.of(name, kind)));
    }

    private static LanguageModel open(String name, String attention) {
        return LanguageModel.open(Fixtures.path("models/" + name), new LoadOptions("float32", "cpu", attention));
    }

    private static SafetensorsFile expected(String name) {
        return SafetensorsFile.open(
                Fixtures.repositoryPath("core/src/test/resources/interleave/attention/" + name + ".safetensors"));
    }

    private static List<Envoy> attentions(LanguageModel model) {
        return model.envoy().modules(envoy -> envoy.module() instanceof AttentionModule);
    }

    private static Proxy lastLogits(LanguageModel model) {
        return model.output().get("logits").token(-1).get(0).save();
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] mine = actual.toFloatArray();
        float[] theirs = expected.toFloatArray();
        for (int i = 0; i < mine.length; i++) {
            // A masked score is the dtype's lowest number, to which transformers adds the score that it masks.
            boolean bothMasked = mine[i] < -1e30 && theirs[i] < -1e30;
            assertThat(bothMasked || Math.abs(mine[i] - theirs[i]) <= 2e-4 + 2e-4 * Math.abs(theirs[i]))
                    .as("%s at %s, expected %s", mine[i], i, theirs[i])
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndKernels")
    void scoresAndProbabilitiesOfEveryLayerAreTransformers(String name, String attention) {
        long before = Torch.liveTensors();
        SafetensorsFile expected = expected(name);
        try (LanguageModel model = open(name, attention);
                Scope scope = Scope.open()) {
            List<Proxy> scores = new ArrayList<>();
            List<Proxy> probabilities = new ArrayList<>();
            Proxy logits;
            try (Tracer trace = model.trace(A)) {
                for (Envoy layer : attentions(model)) {
                    scores.add(layer.scores().save());
                    probabilities.add(layer.probabilities().save());
                }
                logits = lastLogits(model);
                trace.run();
            }
            assertThat(scores).hasSizeGreaterThan(1);
            for (int layer = 0; layer < scores.size(); layer++) {
                assertClose(scores.get(layer).tensor(), expected.tensor("A/scores/" + layer));
                assertClose(probabilities.get(layer).tensor(), expected.tensor("A/probabilities/" + layer));
            }
            assertClose(logits.tensor(), expected.tensor("A/plain"));
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    static Stream<Arguments> edits() {
        Map<String, Consumer<Envoy>> edits = Map.of(
                "edge",
                layer -> layer.probabilities().set(0, all(), all(), -1, 2),
                "head",
                layer -> {
                    layer.probabilities().set(0, all(), 1);
                },
                "score_edge",
                layer -> {
                    Proxy scores = layer.scores().copy();
                    scores.set(-1e9, all(), all(), -1, 2);
                    layer.setScores(scores);
                });
        return modelsAndKernels()
                .flatMap(model -> edits.entrySet().stream()
                        .map(edit -> Arguments.of(model.get()[0], model.get()[1], edit.getKey(), edit.getValue())));
    }

    /** The other invoke's prompt is shorter, so it is padded, and nothing of it may change. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("edits")
    void whatIsWrittenChangesTheModelInItsOwnInvoke(String name, String attention, String edit, Consumer<Envoy> write) {
        SafetensorsFile expected = expected(name);
        try (LanguageModel model = open(name, attention);
                Scope scope = Scope.open()) {
            Proxy edited;
            Proxy plain;
            try (Tracer trace = model.trace()) {
                try (Invoker invoke = trace.invoke(A)) {
                    write.accept(attentions(model).get(1));
                    edited = lastLogits(model);
                }
                try (Invoker invoke = trace.invoke(B)) {
                    plain = lastLogits(model);
                }
                trace.run();
            }
            assertClose(edited.tensor(), expected.tensor("A/" + edit));
            assertClose(plain.tensor(), expected.tensor("B/plain"));
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndKernels")
    void aPatternOfAnotherTextCanBeSet(String name, String attention) {
        SafetensorsFile expected = expected(name);
        try (LanguageModel model = open(name, attention);
                Scope scope = Scope.open()) {
            Proxy edited;
            try (Tracer trace = model.trace()) {
                Proxy other;
                try (Invoker invoke = trace.invoke(C)) {
                    other = attentions(model).get(1).probabilities();
                }
                try (Invoker invoke = trace.invoke(A)) {
                    attentions(model).get(1).setProbabilities(other);
                    edited = lastLogits(model);
                }
                trace.run();
            }
            assertClose(edited.tensor(), expected.tensor("A/frozen"));
        }
    }

    @Test
    void aModuleThatIsNotAttentionHasNoPattern() {
        try (LanguageModel model = open("gpt2", "sdpa");
                Scope scope = Scope.open();
                Tracer trace = model.trace(A)) {
            assertThatThrownBy(() -> model.get("transformer.h.0").probabilities())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("'transformer.h.0' has no probabilities: it is a GPT2Block, not an attention module;"
                            + " take 'transformer.h.0.attn'");
        }
    }

    @Test
    void aValueOfAnotherShapeIsRefused() {
        try (LanguageModel model = open("gpt2", "sdpa");
                Scope scope = Scope.open();
                Tracer trace = model.trace(A)) {
            Envoy attention = model.get("transformer.h.0.attn");
            attention.setProbabilities(attention.probabilities().get(all(), 0));
            assertThatThrownBy(trace::run)
                    .hasMessageContaining("transformer.h.0.attn.probabilities")
                    .hasMessageContaining("[1, 4, 7, 7]");
        }
    }

    @Test
    void onlyTheModuleThatIsReadRunsEagerly() {
        try (LanguageModel model = open("gpt2", "sdpa");
                Scope scope = Scope.open();
                Tracer trace = model.trace(A)) {
            model.get("transformer.h.1.attn").probabilities().save();
            Proxy read = model.get("transformer.h.1.attn").output().get(0).save();
            trace.run();
            AttentionModule attention =
                    (AttentionModule) model.get("transformer.h.1.attn").module();
            assertThat(attention.attentionSwitch().isEager()).isFalse();
            assertThat(read.tensor().shape()).startsWith(1, 7);
        }
    }
}
