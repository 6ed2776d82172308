package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.interleave.PreparedBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parity items 9 and 40 to 43: language models. */
class LanguageModelParityTest {
    private static final String LONG = "The Eiffel Tower is in the city of";
    private static final String SHORT = "After John";
    private static final LoadOptions EAGER = new LoadOptions("float32", "cpu", "eager");

    private long before;
    private LanguageModel model = LanguageModel.openLazily(Fixtures.path("models/gpt2"), EAGER);

    @BeforeEach
    void open() {
        model.close();
        before = Torch.liveTensors();
        model = LanguageModel.openLazily(Fixtures.path("models/gpt2"), EAGER);
    }

    @AfterEach
    void closeAndCount() {
        model.close();
        assertThat(Torch.liveTensors()).as("tensors left behind").isEqualTo(before);
        model = LanguageModel.openLazily(Fixtures.path("models/gpt2"), EAGER);
    }

    /** The last position's logits, row-major. */
    private float[] logits(Object input) {
        try (Scope scope = Scope.open()) {
            Proxy logits;
            try (Tracer trace = model.trace(input)) {
                logits = model.get("lm_head").output().get(all(), -1).save();
                trace.run();
            }
            return logits.tensor().toFloatArray();
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).usingComparatorWithPrecision(5e-5f).containsExactly(expected);
    }

    @Test
    void item9TheTreeIsThereBeforeTheWeightsWhichTheFirstRunLoads() {
        assertThat(model.isDispatched()).isFalse();
        assertThat(model.get("transformer.h").size()).isEqualTo(3);
        Object shapes = model.get("transformer.h.1.mlp").module();
        assertThat(model.envoy().toString()).endsWith("(generator): WrapperModule()\n)");
        logits(SHORT);
        assertThat(model.isDispatched()).isTrue();
        assertThat(model.get("transformer.h.1.mlp").module()).isNotSameAs(shapes);
        assertThat(model.get("generator").module().hookCount()).isZero();
    }

    @Test
    void item40TextsIdsTensorsAndMapsAreTheSameInput() {
        long[] ids = model.tokenizer().encode(LONG).ids();
        List<Long> list = new ArrayList<>();
        for (long id : ids) {
            list.add(id);
        }
        float[] expected = logits(LONG);
        assertClose(logits(ids), expected);
        assertClose(logits(list), expected);
        assertClose(logits(new long[][] {ids}), expected);
        assertClose(logits(Map.of("input_ids", List.of(list))), expected);
        try (Scope scope = Scope.open()) {
            assertClose(logits(Tensor.of(ids, ids.length)), expected);
            assertClose(logits(Tensor.of(ids, 1, ids.length)), expected);
        }
    }

    @Test
    void item40RaggedIdsArePaddedAndAMapsOwnPositionsAreUsed() {
        long[] longIds = model.tokenizer().encode(LONG).ids();
        long[] shortIds = model.tokenizer().encode(SHORT).ids();
        float[] both = logits(List.of(longIds, shortIds));
        int width = both.length / 2;
        assertClose(Arrays.copyOfRange(both, width, 2 * width), logits(SHORT));
        float[] shifted = logits(Map.of("input_ids", List.of(List.of(5, 6)), "position_ids", List.of(List.of(7, 8))));
        assertThat(shifted).isNotEqualTo(logits(new long[] {5, 6}));
    }

    @Test
    void item40AnInputThatIsNoneOfTheseIsRefusedSayingWhatIs() {
        assertThatThrownBy(() -> model.trace(Map.of("inputs", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("input_ids");
        assertThatThrownBy(() -> model.trace(3.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a text, texts, token ids or a map");
        assertThatThrownBy(() -> model.trace(SHORT, LONG)).hasMessageContaining("one input for each invoke");
        assertClose(logits(SHORT), logits(SHORT));
    }

    @Test
    void item40LabelsGiveALossAndPaddedOnesAreIgnored() {
        try (Scope scope = Scope.open()) {
            Proxy alone;
            try (Tracer trace = model.trace(SHORT, Keywords.of("labels", SHORT))) {
                alone = model.output().attr("loss").save();
                trace.run();
            }
            assertThat((Double) alone.tensor().item()).isPositive();
        }
    }

    @Test
    void item41APromptsValuesDoNotDependOnItsNeighboursInTheBatch() {
        float[] both = logits(List.of(SHORT, LONG));
        int width = both.length / 2;
        assertClose(Arrays.copyOf(both, width), logits(SHORT));
        assertClose(Arrays.copyOfRange(both, width, 2 * width), logits(LONG));
    }

    @Test
    void item41RowsArePaddedOnTheLeftWithEosWhereTheTokenizerHasNoPadToken() {
        try (Scope scope = Scope.open()) {
            Proxy ids;
            try (Tracer trace = model.trace(List.of(SHORT, LONG))) {
                ids = model.get("transformer.wte").input().save();
                trace.run();
            }
            long eos = model.tokenizer().eosId().orElseThrow();
            long[] first = ids.tensor().select(0, 0).toLongArray();
            assertThat(first)
                    .startsWith(eos, eos, eos)
                    .endsWith(model.tokenizer().encode(SHORT).ids());
        }
    }

    @Test
    void item41TheTokenizersOwnPadTokenIsKept() {
        try (LanguageModel llama = LanguageModel.openLazily(Fixtures.path("models/llama"), EAGER)) {
            long pad =
                    llama.tokenizer().padId().orElse(llama.tokenizer().eosId().orElseThrow());
            try (Tracer trace = llama.trace(List.of(SHORT, LONG))) {
                assertThat(Written.of(trace.block().invokerInputs())).contains("[" + pad + ", " + pad);
            }
        }
    }

    @Test
    void item41AWireGraphsInputsRunAsTheyStandWithoutPositionIds() {
        try (Scope scope = Scope.open()) {
            PreparedBatch batch = model.prepare(List.of(
                    Map.of("input_ids", Tensor.of(new long[] {1, 2, 3}, 1, 3)),
                    Map.of(
                            "input_ids",
                            Tensor.of(new long[] {4, 5}, 1, 2),
                            "attention_mask",
                            Tensor.of(new long[] {1, 1}, 1, 2))));
            assertThat(batch.args().keywords()).containsOnlyKeys("input_ids", "attention_mask");
            assertThat(batch.rowsPerInvoke()).containsExactly(1, 1);
            long eos = model.tokenizer().eosId().orElseThrow();
            assertThat(batch.args().tensor(0, "input_ids").toLongArray()).containsExactly(1, 2, 3, eos, 4, 5);
            assertThat(batch.args().tensor(1, "attention_mask").toLongArray()).containsExactly(1, 1, 1, 0, 1, 1);
        }
    }

    @Test
    void item42GenerationGivesItsIdsAsTheGeneratorsOutputAndOneTokenUnlessMoreAreAskedFor() {
        try (Scope scope = Scope.open()) {
            Proxy one;
            try (Tracer trace = model.generate(LONG, Keywords.none())) {
                one = model.get("generator").output().save();
                trace.run();
            }
            Proxy three;
            try (Tracer trace = model.generate(LONG, 3)) {
                three = model.get("generator").output().save();
                trace.run();
            }
            long[] prompt = model.tokenizer().encode(LONG).ids();
            assertThat(one.tensor().shape()).containsExactly(1, prompt.length + 1);
            assertThat(three.tensor().shape()).containsExactly(1, prompt.length + 3);
            assertThat(three.tensor().toLongArray()).startsWith(one.tensor().toLongArray());
        }
    }

    @Test
    void item43TokensCountedFromTheFrontAreTheSameUnderPadding() {
        try (Scope scope = Scope.open()) {
            Proxy alone;
            try (Tracer trace = model.trace(SHORT)) {
                alone = model.get("transformer.h.1")
                        .output()
                        .get(0)
                        .get(all(), 0)
                        .save();
                trace.run();
            }
            Proxy padded;
            Proxy last;
            try (Tracer trace = model.trace()) {
                try (Invoker one = trace.invoke(LONG)) {
                    model.output().save();
                }
                try (Invoker two = trace.invoke(SHORT)) {
                    padded = model.get("transformer.h.1").output().get(0).t(0).save();
                    last = model.get("transformer.h.1")
                            .output()
                            .get(0)
                            .token(-1)
                            .save();
                }
                trace.run();
            }
            assertClose(padded.tensor().toFloatArray(), alone.tensor().toFloatArray());
            assertThat(last.tensor().shape()).containsExactly(1, 40);
        }
    }
}
