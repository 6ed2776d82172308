package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static io.sightline.envoy.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Torch;
import io.sightline.envoy.Functions;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.GraphException;
import io.sightline.nn.HookHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("what a language model's graph may not do with shapes is refused before the model runs")
class ShapeCheckTest {
    private static final List<Long> IDS = List.of(5L, 60L, 300L, 41L, 7L, 8L);

    /** Runs a graph and says how often the model's weights were used. */
    private static int calls(String name, Consumer<LanguageModel> record, Consumer<Runnable> check) {
        AtomicInteger calls = new AtomicInteger();
        long before = Torch.liveTensors();
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/" + name));
                Scope scope = Scope.open();
                HookHandle counting = model.module().registerForwardHook((module, args, output) -> {
                    calls.incrementAndGet();
                    return output;
                })) {
            check.accept(() -> record.accept(model));
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
        return calls.get();
    }

    private static int refused(String name, Consumer<LanguageModel> record, String... messages) {
        return calls(name, record, run -> {
            var refusal = assertThatThrownBy(run::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("refused before running, by its shapes");
            for (String message : messages) {
                refusal.hasMessageContaining(message);
            }
        });
    }

    private static Proxy block(LanguageModel model, int layer) {
        String type = model.config().modelType();
        Proxy output = model.get((type.equals("gpt2") ? "transformer.h." : "model.layers.") + layer)
                .output();
        return List.of("gpt2", "gemma2").contains(type) ? output.get(0) : output;
    }

    private static Consumer<LanguageModel> trace(Consumer<LanguageModel> body) {
        return model -> {
            try (Tracer trace = model.trace(IDS)) {
                body.accept(model);
                trace.run();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "mixtral", "gemma2", "qwen3_moe", "phi3"})
    void anOperationThatCannotFitIsNamedWithoutAForwardPass(String name) {
        assertThat(refused(
                        name,
                        trace(m -> {
                            Proxy row = block(m, 1).get(0);
                            row.matmul(row).save();
                        }),
                        "node 'matmul_0'"))
                .isZero();
        assertThat(refused(
                        name, trace(m -> block(m, 1).at(all(), 9).set(0)), "node 'setitem_0'", "index 9 out of range"))
                .isZero();
    }

    @Test
    void commonMistakesAreNamedWithoutAForwardPass() {
        List<Function<LanguageModel, Proxy>> mistakes = List.of(
                m -> block(m, 1).add(block(m, 1).get(all(), all(), slice(0, 5))),
                m -> block(m, 1).call("reshape", 7, 7),
                m -> block(m, 1).call("sum", 3),
                m -> Functions.cat(List.of(block(m, 0), block(m, 1).get(0)), 1),
                m -> Functions.call("einops.rearrange", block(m, 1), "b t -> t b"),
                m -> block(m, 1).get(0, 9));
        for (Function<LanguageModel, Proxy> mistake : mistakes) {
            assertThat(refused("llama", trace(m -> mistake.apply(m).save()), "failed: "))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "mixtral"})
    void aReplacementThatTheModelCannotGoOnWithIsNamedWithoutAForwardPass(String name) {
        Consumer<LanguageModel> narrower = trace(m -> {
            var norm = m.get(name.equals("gpt2") ? "transformer.h.1.ln_1" : "model.layers.1.input_layernorm");
            norm.setOutput(norm.output().get(all(), all(), slice(0, 5)));
        });
        assertThat(refused(name, narrower, "node 'SwapProtocol_0'", name.equals("gpt2") ? "ln_1.output" : "layernorm"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "mixtral", "qwen3_moe"})
    void whatDependsOnDataIsLeftToTheRun(String name) {
        List<Function<LanguageModel, Proxy>> fine = List.of(
                m -> block(m, 0).get(block(m, 0).gt(0)),
                m -> block(m, 0).mul(block(m, 0).sum().item()),
                m -> block(m, 0).get(0, block(m, 0).get(0).norm(-1).argmax()),
                m -> block(m, 0).call("nonzero").get(0),
                m -> Functions.call("float", block(m, 0).get(0, 0, 0)),
                m -> Functions.call("list", block(m, 0).get(0, 0, slice(0, 3)).call("tolist")),
                m -> m.get("lm_head")
                        .output()
                        .get(0, -1)
                        .call("topk", 3)
                        .get(1)
                        .call("tolist")
                        .get(2));
        for (Function<LanguageModel, Proxy> one : fine) {
            int calls = calls(
                    name,
                    trace(m -> one.apply(m).save()),
                    run -> assertThatCode(run::run).doesNotThrowAnyException());
            assertThat(calls).isEqualTo(1);
        }
    }

    @Test
    void theBranchOfAFalseConditionIsNoReasonToRefuse() {
        Consumer<LanguageModel> record = model -> {
            try (Tracer trace = model.trace(IDS)) {
                Proxy hidden = block(model, 0);
                try (Condition never = trace.cond(hidden.sum().gt(1e9))) {
                    hidden.matmul(hidden.call("new_ones", 7, 3)).save();
                }
                hidden.save();
                trace.run();
            }
        };
        assertThat(calls("llama", record, run -> assertThatCode(run::run).doesNotThrowAnyException()))
                .isEqualTo(1);
    }

    @Test
    void aLongLoopsResultIsNotJudgedByItsFirstRounds() {
        Consumer<LanguageModel> record = model -> {
            try (Session session = model.session()) {
                Proxy means = session.list();
                try (Loop loop = session.iter(List.of(1, 2, 3, 4, 5))) {
                    try (Tracer trace = model.trace(IDS)) {
                        means.call("append", block(model, 0).mean());
                        trace.run();
                    }
                    loop.run();
                }
                Functions.call("torch.stack", means).get(4).save();
                session.run();
            }
        };
        assertThat(calls("llama", record, run -> assertThatCode(run::run).doesNotThrowAnyException()))
                .isEqualTo(5);
    }

    @Test
    void weightsOfALazyModelAreNotReadForAGraphThatIsRefused() {
        try (LanguageModel model = LanguageModel.openLazily(Fixtures.path("models/llama"), LoadOptions.DEFAULT);
                Tracer trace = model.trace(IDS)) {
            block(model, 1).at(all(), 9).set(0);
            assertThatThrownBy(trace::run).hasMessageContaining("refused before running");
        }
    }
}
