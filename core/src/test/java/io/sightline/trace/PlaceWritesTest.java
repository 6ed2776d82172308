package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static io.sightline.envoy.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.GraphException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected values come from transformers with hooks: resources/writes/make.py. */
@DisplayName("Whatever Python's hooks can change in place arrives in the model, and in the invoke's own rows only")
class PlaceWritesTest {
    private static final double LOWEST = -3.4028234663852886e38;
    private static LanguageModel llama;
    private static LanguageModel gpt2;
    private static JsonNode expected;

    /** A write into a place, and which of expected.json's cases it is. */
    private record Case(String form, String expected, Consumer<LanguageModel> write) {
        @Override
        public String toString() {
            return form;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        LoadOptions eager = new LoadOptions("auto", "cpu", "eager");
        llama = LanguageModel.open(Fixtures.path("models/llama"), eager);
        gpt2 = LanguageModel.open(Fixtures.path("models/gpt2"), eager);
        expected = new ObjectMapper()
                .readTree(Fixtures.repositoryPath("core/src/test/resources/writes/expected.json")
                        .toFile());
    }

    @AfterAll
    static void close() {
        llama.close();
        gpt2.close();
    }

    private static List<Long> ids(String name) {
        return StreamSupport.stream(expected.get(name).spliterator(), false)
                .map(JsonNode::asLong)
                .toList();
    }

    private static LanguageModel model(Case tested) {
        return tested.expected().startsWith("gpt2") ? gpt2 : llama;
    }

    private static Proxy keywords(LanguageModel model, String path) {
        return model.get(path).inputs().get(1);
    }

    static List<Case> cases() {
        return List.of(
                new Case("entry of a model output", "llama output doubled", m -> {
                    Proxy output = m.get("model").output();
                    output.at("last_hidden_state")
                            .set(output.get("last_hidden_state").mul(2));
                }),
                new Case("attribute of a model output", "llama output doubled", m -> {
                    Proxy output = m.get("model").output();
                    output.setAttr(
                            "last_hidden_state",
                            output.attr("last_hidden_state").mul(2));
                }),
                new Case("update of a model output", "llama output doubled", m -> {
                    Proxy output = m.get("model").output();
                    output.call(
                            "update",
                            Keywords.of(
                                    "last_hidden_state",
                                    output.get("last_hidden_state").mul(2)));
                }),
                new Case("entry of the keywords", "llama keyword zeroed", m -> {
                    Proxy keywords = keywords(m, "model.layers.1.self_attn");
                    keywords.at("hidden_states")
                            .set(keywords.get("hidden_states").mul(0));
                }),
                new Case("update of the keywords", "llama keyword zeroed", m -> {
                    Proxy keywords = keywords(m, "model.layers.1.self_attn");
                    keywords.call(
                            "update",
                            Keywords.of(
                                    "hidden_states",
                                    keywords.get("hidden_states").mul(0)));
                }),
                new Case("keyword replaced by its clone", "llama mask of one layer", m -> {
                    Proxy keywords = keywords(m, "model.layers.1");
                    Proxy mask = keywords.get("attention_mask").call("clone");
                    mask.at(all(), all(), -1, 2).set(LOWEST);
                    keywords.at("attention_mask").set(mask);
                }),
                new Case(
                        "mask in place",
                        "llama mask in place",
                        m -> keywords(m, "model.layers.0")
                                .get("attention_mask")
                                .at(all(), all(), -1, 2)
                                .set(LOWEST)),
                new Case(
                        "a tensor that all rows share, in a tuple",
                        "llama cosines",
                        m -> m.get("model.rotary_emb")
                                .output()
                                .get(0)
                                .at(all(), 2)
                                .set(0)),
                new Case(
                        "a tensor that all rows share",
                        "gpt2 positions",
                        m -> m.get("transformer.wpe").output().at(all(), -1).set(0)),
                new Case(
                        "a tensor that all rows share, by a method",
                        "gpt2 positions",
                        m -> m.get("transformer.wpe")
                                .output()
                                .get(all(), slice(-1, null))
                                .call("zero_")));
    }

    private static void assertLogits(Proxy saved, String name, String prompt) {
        float[] actual = saved.tensor().toFloatArray();
        JsonNode values = expected.get("expected").get(name).get(prompt);
        for (int i = 0; i < values.size(); i++) {
            assertThat(actual[i])
                    .as(name + ", logit " + i + " of " + prompt)
                    .isCloseTo((float) values.get(i).asDouble(), within(1e-4f + 1e-4f * Math.abs(actual[i])));
        }
    }

    private static Proxy logits(LanguageModel model) {
        return model.get("lm_head").output().get(all(), -1, slice(null, 8)).save();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void alone(Case tested) {
        LanguageModel model = model(tested);
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(ids("ids"))) {
            tested.write().accept(model);
            Proxy logits = logits(model);
            trace.run();
            assertLogits(logits, tested.expected(), "ids");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inOneOfTwoInvokes(Case tested) {
        LanguageModel model = model(tested);
        String plain = tested.expected().split(" ")[0] + " plain";
        try (Scope scope = Scope.open();
                Tracer trace = model.trace()) {
            Proxy first;
            Proxy second;
            try (Invoker invoke = trace.invoke(ids("other"))) {
                first = logits(model);
            }
            try (Invoker invoke = trace.invoke(ids("ids"))) {
                tested.write().accept(model);
                second = logits(model);
            }
            trace.run();
            assertLogits(first, plain, "other");
            assertLogits(second, tested.expected(), "ids");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inBothInvokes(Case tested) {
        LanguageModel model = model(tested);
        try (Scope scope = Scope.open();
                Tracer trace = model.trace()) {
            Proxy first;
            Proxy second;
            try (Invoker invoke = trace.invoke(ids("other"))) {
                tested.write().accept(model);
                first = logits(model);
            }
            try (Invoker invoke = trace.invoke(ids("ids"))) {
                tested.write().accept(model);
                second = logits(model);
            }
            trace.run();
            assertLogits(first, tested.expected(), "other");
            assertLogits(second, tested.expected(), "ids");
        }
    }

    @Test
    void anEntryThatOneOfSeveralInvokesAddsIsRefused() {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace()) {
            try (Invoker invoke = trace.invoke(ids("other"))) {
                keywords(llama, "model.layers.1").at("more").set(1);
            }
            trace.invoke(ids("ids")).close();
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("model.layers.1.input for invoke 0 has the entries")
                    .hasMessageContaining("use one invoke to add or remove one");
        }
    }

    @Test
    void aNumberThatOneOfSeveralInvokesSetsIsRefused() {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace()) {
            try (Invoker invoke = trace.invoke(ids("other"))) {
                keywords(llama, "model.layers.1").at("past_key_values").set(1);
            }
            trace.invoke(ids("ids")).close();
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("of several invokes each can only set its rows of tensors");
        }
    }

    @Test
    void aTensorThatOtherModulesShareCannotBeWrittenForOneInvoke() {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace()) {
            try (Invoker invoke = trace.invoke(ids("other"))) {
                keywords(llama, "model.layers.0").get("cache_position").at(2).set(0);
            }
            trace.invoke(ids("ids")).close();
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("at model.layers.0.input is shared by all invokes and by other modules")
                    .hasMessageContaining("clone()");
        }
    }

    /** What is written, each time with a value of {@code model.layers.1} into {@code model.layers.0}. */
    static Map<String, Consumer<Proxy[]>> lateWrites() {
        return Map.ofEntries(
                Map.entry("setitem", p -> p[0].at(all(), -1).set(p[1].get(all(), -1))),
                Map.entry("method", p -> p[0].call("copy_", p[1])),
                Map.entry("method of a view", p -> p[0].get(all(), -1).call("add_", p[1].get(all(), -1))),
                Map.entry(
                        "view of a view",
                        p -> p[0].get(all(), slice(-2, null))
                                .call("transpose", 0, 1)
                                .at(0)
                                .set(p[1].get(all(), -1))),
                Map.entry("reshape", p -> p[0].call("reshape", 7, -1).at(-1).set(p[1].get(0, -1))),
                Map.entry("fill with a number", p -> p[0].call("mul_", p[1].call("max"))));
    }

    static List<String> lateForms() {
        return lateWrites().keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("lateForms")
    void aWriteOfALaterValueIsRefused(String form) {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace(ids("ids"))) {
            Proxy early = llama.get("model.layers.0").output().get(0);
            Proxy late = llama.get("model.layers.1").output().get(0);
            lateWrites().get(form).accept(new Proxy[] {early, late});
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("cannot write into model.layers.0.output: it is over when the node runs, "
                            + "which uses model.layers.1.output, computed later");
        }
    }

    @Test
    void aWriteIntoAContainerOfAnEarlierPlaceIsRefused() {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace(ids("ids"))) {
            Proxy keywords = keywords(llama, "model.layers.0");
            keywords.at("attention_mask")
                    .set(llama.get("model.layers.1").output().get(0));
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("cannot write into model.layers.0.input");
        }
    }

    @Test
    void aWriteUnderAConditionOfALaterValueIsRefused() {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace(ids("ids"))) {
            Proxy early = llama.get("model.layers.0").output().get(0);
            Proxy late = llama.get("model.layers.1").output().get(0);
            try (Condition condition = trace.cond(late.call("max").gt(-1e9))) {
                early.at(all()).set(0);
            }
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("cannot write into model.layers.0.output");
        }
    }

    @Test
    void aCopyOfAnEarlierPlaceTakesLaterValues() {
        try (Scope scope = Scope.open();
                Tracer trace = llama.trace(ids("ids"))) {
            Proxy early = llama.get("model.layers.0").output().get(0);
            Proxy late = llama.get("model.layers.1").output().get(0);
            Proxy copies = trace.list(List.of(early, late));
            copies.call("append", late);
            copies.get(1).at(all(), 0).set(copies.get(0).get(all(), 0));
            Proxy copy = early.mul(1);
            copy.at(all(), -1).set(late.get(all(), -1));
            Proxy last = copy.get(all(), -1).save();
            Proxy lateLast = late.get(all(), -1).save();
            trace.run();
            Tensor value = last.tensor();
            assertThat(value.toFloatArray()).containsExactly(lateLast.tensor().toFloatArray());
        }
    }

    @Test
    void aValueOfAnotherDtypeIsNamedAsSuch() {
        LoadOptions bfloat16 = new LoadOptions("bfloat16", "cpu", "eager");
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/llama_bf16"), bfloat16);
                Scope scope = Scope.open()) {
            assertThatThrownBy(() -> {
                        try (Tracer trace = model.trace(new long[] {3, 4, 5})) {
                            Proxy place =
                                    model.get("model.layers.0.mlp.gate_proj").output();
                            model.get("model.layers.0.mlp.gate_proj").setOutput(place.call("float"));
                            model.get("lm_head").output().save();
                            trace.run();
                        }
                    })
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("have the dtype of what was there")
                    .hasMessageContaining("converts a value");
        }
    }
}
