package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Proxy;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.GraphException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both prompts have the same length, so that neither brings pads to the experts. */
@DisplayName("PARITY 33: the tokens of one expert are told apart by invoke")
class ExpertRowsTest {
    private static final List<Long> FIRST = List.of(5L, 60L, 300L, 41L, 7L, 8L);
    private static final List<Long> SECOND = List.of(9L, 130L, 31L, 77L, 222L, 14L);
    private static final int EXPERTS = 4;

    private static Envoy expert(LanguageModel model, String path, int number) {
        return model.get("model.layers.0." + path + ".experts." + number);
    }

    private static void assertClose(Proxy actual, Proxy expected) {
        assertThat(actual.tensor().shape()).isEqualTo(expected.tensor().shape());
        assertThat(actual.tensor().toFloatArray())
                .usingComparatorWithPrecision(5e-5f)
                .containsExactly(expected.tensor().toFloatArray());
    }

    /** What the prompt's own run gives, first silenced or doubled. */
    private record Alone(Proxy seen, Proxy logits) {
        static Alone of(LanguageModel model, List<Long> ids, Envoy expert, boolean silenced) {
            try (Tracer trace = model.trace(ids)) {
                Alone alone = in(model, expert, silenced);
                trace.run();
                return alone;
            }
        }

        static Alone in(LanguageModel model, Envoy expert, boolean silenced) {
            Proxy seen = expert.input().save();
            if (silenced) {
                expert.output().at(all()).set(0);
            } else {
                expert.setOutput(expert.output().mul(2));
            }
            return new Alone(seen, model.get("lm_head").output().save());
        }
    }

    @ParameterizedTest
    @CsvSource({"mixtral, block_sparse_moe", "qwen3_moe, mlp"})
    void eachInvokeSeesAndChangesItsOwnTokens(String name, String path) {
        int reached = 0;
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/" + name))) {
            for (int i = 0; i < EXPERTS; i++) {
                Envoy expert = expert(model, path, i);
                try (Scope scope = Scope.open()) {
                    Alone one = Alone.of(model, FIRST, expert, true);
                    Alone two = Alone.of(model, SECOND, expert, false);
                    Alone first;
                    Alone second;
                    try (Tracer trace = model.trace()) {
                        try (Invoker invoke = trace.invoke(FIRST)) {
                            first = Alone.in(model, expert, true);
                        }
                        try (Invoker invoke = trace.invoke(SECOND)) {
                            second = Alone.in(model, expert, false);
                        }
                        trace.run();
                    }
                    if (one.seen().hasValue() && two.seen().hasValue()) {
                        reached++;
                        assertClose(first.seen(), one.seen());
                        assertClose(second.seen(), two.seen());
                    }
                    assertClose(first.logits(), one.logits());
                    assertClose(second.logits(), two.logits());
                }
            }
        }
        assertThat(reached).isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({"mixtral, block_sparse_moe"})
    void aReplacementOfAnotherNumberOfTokensIsANamedError(String name, String path) {
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/" + name));
                Scope scope = Scope.open()) {
            Envoy expert = expert(model, path, 0);
            Tensor wide = Tensor.full(1, io.sightline.engine.DType.FLOAT32, io.sightline.engine.Device.CPU, 99, 32);
            try (Tracer trace = model.trace()) {
                try (Invoker invoke = trace.invoke(FIRST)) {
                    expert.setOutput(wide);
                }
                trace.invoke(SECOND);
                assertThatThrownBy(trace::run)
                        .isInstanceOf(GraphException.class)
                        .hasMessageContaining("node 'InterventionProtocol_0'")
                        .hasMessageContaining("experts.0.output for invoke 0 has shape [99, 32]");
            }
        }
    }
}
