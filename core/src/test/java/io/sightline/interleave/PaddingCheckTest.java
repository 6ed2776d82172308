package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.ALL;
import static io.sightline.interleave.GraphSketch.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Block;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import io.sightline.graph.WireReader;
import io.sightline.nn.Args;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A graph is indifferent to padding only where that can be shown")
class PaddingCheckTest {
    private static TestModel model;

    @BeforeAll
    static void open() {
        model = new TestModel("models/gpt2");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Value index(Object... items) {
        return new Value.TupleValue(
                java.util.Arrays.stream(items).map(GraphSketch::value).toList());
    }

    private static Value slice(Object start, Object stop) {
        return new Value.SliceValue(part(start), part(stop), Value.Constant.NONE);
    }

    private static Value part(Object bound) {
        return bound.equals("") ? Value.Constant.NONE : GraphSketch.value(bound);
    }

    private static String hidden(GraphSketch graph) {
        return graph.call("_operator.getitem", ref(graph.output("transformer.h.1")), 0);
    }

    private static PaddingNeeds needs(Consumer<GraphSketch> body) {
        GraphSketch graph = new GraphSketch();
        body.accept(graph);
        return PaddingCheck.of(Planner.plan(graph.trace(GraphSketch.rows(1, 5))), model.module());
    }

    private static final Map<String, Consumer<GraphSketch>> INDIFFERENT = Map.ofEntries(
            Map.entry("save a place", g -> g.save(g.output("transformer.h.1"))),
            Map.entry("last token", g -> g.save(g.call("_operator.getitem", ref(hidden(g)), index(ALL, -1)))),
            Map.entry(
                    "last tokens", g -> g.save(g.call("_operator.getitem", ref(hidden(g)), index(ALL, slice(-3, ""))))),
            Map.entry("write last token", g -> g.call("_operator.setitem", ref(hidden(g)), index(ALL, -1), 0)),
            Map.entry("neurons", g -> g.call("_operator.setitem", ref(hidden(g)), index(ALL, ALL, 9), 0)),
            Map.entry(
                    "neurons by ellipsis",
                    g -> g.call(
                            "_operator.setitem",
                            ref(g.output("transformer.h.1.mlp")),
                            index(Value.Constant.ELLIPSIS, 9),
                            0)),
            Map.entry("steering", g -> g.call("_operator.iadd", ref(hidden(g)), 1.5)),
            Map.entry("norm of each token", g -> g.save(g.method(hidden(g), "norm", 2, -1))),
            Map.entry("swap", g -> {
                String mlp = g.output("transformer.h.1.mlp");
                g.swap(mlp, g.call("_operator.mul", ref(mlp), 0.5));
            }),
            Map.entry("lens", g -> {
                String normed = g.add(
                        "ApplyModule",
                        new io.sightline.graph.Operation.ApplyModule(
                                "transformer.ln_f", List.of(ref(hidden(g))), Map.of(), false));
                String logits = g.add(
                        "ApplyModule",
                        new io.sightline.graph.Operation.ApplyModule("lm_head", List.of(ref(normed)), Map.of(), false));
                g.save(g.method(logits, "argmax", -1));
            }),
            Map.entry("answer", g -> {
                String logits = g.output("lm_head");
                String last = g.call("_operator.getitem", ref(logits), index(ALL, -1));
                g.save(g.method(g.method(last, "softmax", -1), "topk", 5));
            }),
            Map.entry("input set", g -> {
                String inputs = g.at(Place.input("transformer.h.1.mlp"), 0, 0);
                String args = g.call("_operator.getitem", ref(inputs), 0);
                String rest = g.call("_operator.getitem", ref(args), slice(1, ""));
                String all = g.call("_operator.add", new Value.TupleValue(List.of(new Value.IntValue(1))), ref(rest));
                g.swap(inputs, all);
            }));

    private static final Map<String, Consumer<GraphSketch>> DEPENDENT = Map.ofEntries(
            Map.entry("positive index", g -> g.save(g.call("_operator.getitem", ref(hidden(g)), index(ALL, 1)))),
            Map.entry(
                    "positive slice",
                    g -> g.save(g.call("_operator.getitem", ref(hidden(g)), index(ALL, slice(1, ""))))),
            Map.entry("up to", g -> g.save(g.call("_operator.getitem", ref(hidden(g)), index(ALL, slice("", 2))))),
            Map.entry("write", g -> g.call("_operator.setitem", ref(hidden(g)), index(ALL, 0), 0)),
            Map.entry(
                    "list",
                    g -> g.save(g.call(
                            "_operator.getitem",
                            ref(hidden(g)),
                            index(ALL, new Value.ListValue(List.of(new Value.IntValue(-1), new Value.IntValue(2))))))),
            Map.entry("mean over tokens", g -> g.save(g.method(hidden(g), "mean", 1))),
            Map.entry("mean over dimension -2", g -> g.save(g.method(hidden(g), "mean", -2))),
            Map.entry("sum of all", g -> g.save(g.method(hidden(g), "sum"))),
            Map.entry(
                    "last dimension after one was dropped",
                    g -> g.save(
                            g.method(g.call("_operator.getitem", ref(hidden(g)), index(ALL, ALL, 9)), "argmax", -1))),
            Map.entry("view", g -> g.save(g.method(hidden(g), "view", 1, -1))),
            Map.entry("length", g -> g.save(g.call("builtins.len", ref(hidden(g))))),
            Map.entry("shape", g -> g.save(g.call("nnsight.util.fetch_attr", ref(hidden(g)), "shape"))),
            Map.entry("flat", g -> g.save(g.method(hidden(g), "flatten"))),
            Map.entry("keys of attention", g -> {
                String weights = g.call("_operator.getitem", ref(g.output("transformer.h.1.attn")), 1);
                g.save(g.call("_operator.getitem", ref(weights), index(Value.Constant.ELLIPSIS, 2)));
            }),
            Map.entry("ids", g -> {
                String inputs = g.at(Place.input("transformer.wte"), 0, 0);
                String ids = g.call("_operator.getitem", ref(g.call("_operator.getitem", ref(inputs), 0)), 0);
                g.save(g.call("_operator.getitem", ref(ids), index(ALL, 1)));
            }),
            Map.entry("unknown function", g -> g.save(g.method(hidden(g), "roll", 1, 1))),
            Map.entry(
                    "condition",
                    g -> g.add(
                            "Conditional",
                            new io.sightline.graph.Operation.Conditional(
                                    ref(g.call("_operator.gt", ref(hidden(g)), 0))))),
            Map.entry(
                    "attention run on all",
                    g -> g.add(
                            "ApplyModule",
                            new io.sightline.graph.Operation.ApplyModule(
                                    "transformer.h.1.attn", List.of(ref(hidden(g))), Map.of(), false))));

    static List<String> indifferent() {
        return INDIFFERENT.keySet().stream().sorted().toList();
    }

    static List<String> dependent() {
        return DEPENDENT.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("indifferent")
    void padsDoNotMatter(String name) {
        assertThat(needs(java.util.Objects.requireNonNull(INDIFFERENT.get(name)))
                        .reason())
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("dependent")
    void padsMayMatter(String name) {
        assertThat(needs(java.util.Objects.requireNonNull(DEPENDENT.get(name))).isIndifferent())
                .isFalse();
    }

    @Test
    void theReasonNamesTheNodeAndThePlace() {
        PaddingNeeds needs = needs(java.util.Objects.requireNonNull(DEPENDENT.get("positive index")));
        assertThat(needs.countsFromFront()).isTrue();
        assertThat(needs.reason())
                .isEqualTo("node 'getitem_2' of graph 7 (getitem) counts tokens from the front, pads included of "
                        + "transformer.h.1.output");
    }

    @Test
    void theShortestPromptIsAsLongAsTheGraphCountsBack() {
        assertThat(needs(g -> g.save(g.call("_operator.getitem", ref(hidden(g)), index(ALL, -4))))
                        .shortest())
                .isEqualTo(4);
    }

    /** Their Python bodies count from the end, or not at all. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"g_steering", "g_slice_edit", "g_token_indexing"})
    void fixtureGraphsAreJudgedWithoutAnError(String name) {
        Block block = WireReader.read(Fixtures.path("graphs/" + name + "/object.json"));
        assertThat(PaddingCheck.of(Planner.plan(block), model.module())).isNotNull();
    }

    @Test
    void theQuickstartsGraphSharesBatches() {
        try (PretrainedModel quickstart =
                PretrainedModel.shapesOnly(Fixtures.repositoryPath("conf/quickstart/model"), LoadOptions.DEFAULT)) {
            Block block = WireReader.read(Fixtures.repositoryPath("conf/quickstart/graph.json"));
            assertThat(PaddingCheck.of(Planner.plan(block), quickstart.module()).reason())
                    .isNull();
        }
    }

    @Test
    void promptsOfUnlikeLengthsAndAnIndexFromTheFrontAreWarnedOf() {
        GraphSketch graph = new GraphSketch();
        java.util.Objects.requireNonNull(DEPENDENT.get("positive index")).accept(graph);
        Plan plan = Planner.plan(graph.trace(GraphSketch.rows(1, 5)));
        try (Scope scope = Scope.open()) {
            assertThat(PaddingCheck.warning(plan, model.module(), batch(1, 1, 1, 1)))
                    .isEmpty();
            assertThat(PaddingCheck.warning(plan, model.module(), batch(1, 1, 0, 1)))
                    .get()
                    .asString()
                    .contains("getitem_2", "transformer.h.1.output", "token[i]");
        }
    }

    private static PreparedBatch batch(long... mask) {
        Tensor shown = Tensor.of(mask, 2, 2);
        return new PreparedBatch(
                new Args(List.of(), Map.of("input_ids", shown, "attention_mask", shown)), new int[] {1, 1});
    }
}
