package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.ALL;
import static io.sightline.interleave.GraphSketch.ID;
import static io.sightline.interleave.GraphSketch.ref;
import static io.sightline.interleave.GraphSketch.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.engine.TorchException;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("PARITY 16, 22-29, 32-39: how graphs run")
class InterleaverTest {
    private static TestModel model;
    private long before;

    @BeforeAll
    static void open() {
        model = new TestModel("tiny/mlp_sigmoid");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @BeforeEach
    void count() {
        before = Torch.liveTensors();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(Torch.liveTensors()).isEqualTo(before);
        assertThat(model.module().namedModules().values().stream()
                        .mapToInt(Module::hookCount)
                        .sum())
                .isZero();
    }

    private static Results run(Block block) {
        return Interleaver.of(block, model).run();
    }

    private static float[] plain(int rowCount) {
        try (Scope scope = Scope.open()) {
            double[] values = new double[rowCount * 5];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.sin(i + 1);
            }
            Tensor x = Tensor.of(values, rowCount, 5).to(io.sightline.engine.DType.FLOAT32);
            return model.module().call(x).toFloatArray();
        }
    }

    @Test
    void writingBackAnUnchangedValueKeepsTheOutputIdentical() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("sigma1");
        graph.swap(value, value);
        String output = graph.save(graph.output(""));
        try (Results results = run(graph.trace(rows(3, 5)))) {
            assertThat(results.tensor(ID, output).toFloatArray()).containsExactly(plain(3));
        }
    }

    @Test
    @DisplayName("PARITY 16: a place never reached leaves its node unset, and reading it says which place")
    void aCallThatNeverHappensIsNamed() {
        GraphSketch graph = new GraphSketch();
        String late = graph.save(graph.at(Place.output("layer2"), 0, 4));
        String reached = graph.save(graph.output("layer2"));
        try (Results results = run(graph.trace(rows(1, 5)))) {
            assertThat(results.unset()).containsExactly(Map.entry(ID, List.of(late)));
            assertThat(results.get(ID, reached)).isInstanceOf(Tensor.class);
            assertThatThrownBy(() -> results.get(ID, late))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "node '" + late + "' of graph 7 has no value: layer2.output was not reached in call 4");
            assertThatThrownBy(() -> results.get(ID, "add_9"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was not saved");
        }
    }

    @Test
    @DisplayName("PARITY 22: save keeps a value by reference, so a later edit in place shows in it")
    void aSavedValueShowsLaterEdits() {
        GraphSketch graph = new GraphSketch();
        String value = graph.save(graph.output("layer1"));
        graph.call("_operator.setitem", ref(value), ALL, 3);
        try (Results results = run(graph.trace(rows(1, 5)))) {
            assertThat(results.tensor(ID, value).toFloatArray()).containsOnly(3f);
        }
    }

    @Test
    @DisplayName("PARITY 23: a value is freed as soon as nobody needs it, unsaved ones are gone at the end")
    void valuesAreFreedWhenTheirLastListenerIsDone() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        for (int i = 0; i < 200; i++) {
            value = graph.call("_operator.add", ref(value), 1);
        }
        graph.save(graph.method(value, "sum"));
        graph.call("builtins.print", "now");
        long[] alive = {0};
        GraphSketch counted = graph;
        String sum = counted.method(value, "sum");
        counted.call("builtins.print", ref(sum));
        try (Results results = Interleaver.of(
                        counted.trace(rows(1, 5)),
                        model,
                        line -> alive[0] = Math.max(alive[0], Torch.liveTensors() - before))
                .run()) {
            assertThat(alive[0]).isPositive().isLessThan(40);
            assertThat(results.values().get(ID)).hasSize(1);
        }
    }

    @Test
    @DisplayName("PARITY 25: an error names node and graph and keeps the cause; the model works afterwards")
    void anErrorNamesItsNodeAndLeavesTheModelIntact() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        String index = graph.call("builtins.int", ref(graph.method(value, "numel")));
        String wrong = graph.call(
                "torch._VariableFunctionsClass.index_select",
                ref(value),
                1,
                new Value.TensorValue("int64", List.of(1L), new long[] {77}, new double[0]));
        graph.save(wrong);
        graph.save(index);
        assertThatThrownBy(() -> run(graph.trace(rows(2, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("node '" + wrong + "' of graph 7 (index_select) failed")
                .hasMessageContaining("out of DATA bounds")
                .hasCauseInstanceOf(TorchException.class);
        nothingIsLeft();
        assertThat(plain(1)).hasSize(4);
    }

    @Test
    void shapesThatDontFitAreRefusedBeforeAnythingRuns() {
        GraphSketch graph = new GraphSketch();
        graph.call("builtins.print", "never printed");
        String value = graph.output("layer1");
        String wrong = graph.call("_operator.matmul", ref(value), ref(value));
        assertThatThrownBy(() -> Interleaver.of(graph.trace(rows(2, 5)), model))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(
                        "refused before running, by its shapes: node '" + wrong + "' of graph 7 (matmul)");
        GraphSketch dependent = new GraphSketch();
        String sum = dependent.method(dependent.output("layer1"), "sum");
        dependent.save(dependent.call("builtins.int", ref(sum)));
        try (Results results = run(dependent.trace(rows(2, 5)))) {
            assertThat(results.values().get(ID)).hasSize(1);
        }
    }

    @Test
    void aValueOfTheWrongShapeIsToldWithThePlaceThatWasSet() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        graph.swap(
                value,
                graph.call(
                        "_operator.getitem",
                        ref(value),
                        new Value.TupleValue(List.of(
                                ALL,
                                new Value.SliceValue(
                                        Value.Constant.NONE, new Value.IntValue(3), Value.Constant.NONE)))));
        assertThatThrownBy(() -> run(graph.trace(rows(2, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("refused before running, by its shapes: the model failed")
                .hasMessageContaining("layer1.output");
    }

    @Test
    @DisplayName("PARITY 32: each invoke sees its own rows; writes stay there")
    void writesStayInTheRowsOfTheirInvoke() {
        GraphSketch graph = new GraphSketch();
        graph.call("_operator.setitem", ref(graph.at(Place.output("layer1"), 1, 0)), ALL, 0);
        String mine = graph.save(graph.at(Place.output("layer2"), 0, 0));
        String all = graph.save(graph.at(Place.output("layer1"), -1, 0));
        try (Results results = run(graph.trace(rows(2, 5), rows(1, 5)))) {
            assertThat(results.tensor(ID, mine).shape()).containsExactly(2, 4);
            float[] layer1 = results.tensor(ID, all).toFloatArray();
            assertThat(layer1).hasSize(30);
            for (int i = 0; i < 30; i++) {
                assertThat(layer1[i] == 0).isEqualTo(i >= 20);
            }
        }
    }

    /** Routes tokens as a mixture of experts does: batch and tokens flattened, one expert getting some of them. */
    private static final class Routed extends Module {
        private final Module router = child("router", new io.sightline.nn.Identity());
        private final Module expert = child("expert", new io.sightline.nn.Identity());

        @Override
        protected Object forward(Args args) {
            Tensor x = args.tensor();
            Tensor flat = x.reshape(-1, x.size(-1));
            Tensor routed = (Tensor) java.util.Objects.requireNonNull(router.call(Args.of(flat.copy())));
            expert.call(Args.of(flat.narrow(0, 0, 5)));
            return routed.reshape(x.shape());
        }
    }

    private static Value tokens(int rowCount) {
        return new Value.TupleValue(List.of(GraphSketch.tensor(new double[rowCount * 4 * 3], rowCount, 4, 3)));
    }

    @Test
    @DisplayName("PARITY 33: tensors that flatten batch and tokens are scoped to their invoke, or refused")
    void flattenedTokensBelongToTheirInvoke() {
        RunnableModel routed = new CalledModule(new Routed(), false);
        GraphSketch graph = new GraphSketch();
        String mine = graph.save(graph.at(Place.output("router"), 1, 0));
        graph.call("_operator.setitem", ref(mine), ALL, 1);
        String all = graph.save(graph.at(Place.output(""), -1, 0));
        try (Results results =
                Interleaver.of(graph.trace(tokens(2), tokens(1)), routed).run()) {
            assertThat(results.tensor(ID, mine).shape()).containsExactly(4, 3);
            float[] values = results.tensor(ID, all).toFloatArray();
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).isEqualTo(i < 24 ? 0f : 1f);
            }
        }
        GraphSketch expert = new GraphSketch();
        expert.save(expert.at(Place.output("expert"), 0, 0));
        assertThatThrownBy(() -> Interleaver.of(expert.trace(tokens(2), tokens(1)), routed)
                        .run())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("expert.output holds a tensor of shape [5, 3], whose rows can't be told apart");
    }

    @Test
    @DisplayName("PARITY 34: a value of another batch size is a named error")
    void aValueOfTheWrongBatchSizeIsRefused() {
        GraphSketch graph = new GraphSketch();
        String value = graph.at(Place.output("layer1"), 1, 0);
        graph.swap(
                value,
                graph.call("torch._VariableFunctionsClass.cat", new Value.ListValue(List.of(ref(value), ref(value)))));
        assertThatThrownBy(() -> run(graph.trace(rows(2, 5), rows(1, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("set at layer1.output for invoke 1 has shape [2, 10]")
                .hasMessageContaining("the invoke's 1 rows");
        GraphSketch single = new GraphSketch();
        String whole = single.output("layer1");
        single.swap(
                whole,
                single.call(
                        "_operator.getitem",
                        ref(whole),
                        new Value.SliceValue(Value.Constant.NONE, new Value.IntValue(1), Value.Constant.NONE)));
        assertThatThrownBy(() -> run(single.trace(rows(2, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("the batch's 2 rows");
    }

    @Test
    @DisplayName("PARITY 35: setting a place when it is over is a named error at the latest when it happens")
    void aPlaceThatIsOverCannotBeSet() {
        GraphSketch graph = new GraphSketch();
        String early = graph.output("layer1");
        String late = graph.output("layer2");
        String sum = graph.method(late, "sum");
        graph.swap(early, graph.call("_operator.mul", ref(early), ref(sum)));
        assertThatThrownBy(() -> run(graph.trace(rows(1, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("cannot set layer1.output: it uses layer2.output");
    }

    @Test
    @DisplayName("PARITY 38: nodes of an edit act on the rows of all invokes")
    void editsActOnAllRows() {
        GraphSketch graph = new GraphSketch();
        graph.call("_operator.setitem", ref(graph.at(Place.output("layer1"), -1, 0)), ALL, 0);
        String first = graph.save(graph.at(Place.output("layer1"), 0, 0));
        String second = graph.save(graph.at(Place.output("layer1"), 1, 0));
        try (Results results = run(graph.trace(rows(2, 5), rows(1, 5)))) {
            assertThat(results.tensor(ID, first).toFloatArray()).hasSize(20).containsOnly(0f);
            assertThat(results.tensor(ID, second).toFloatArray()).hasSize(10).containsOnly(0f);
        }
    }

    @Test
    @DisplayName("PARITY 37: only the places in use are hooked, before other hooks, and only while it runs")
    void onlyPlacesInUseAreHooked() {
        List<Integer> hooks = new ArrayList<>();
        GraphSketch graph = new GraphSketch();
        graph.save(graph.output("layer2"));
        graph.call("_operator.setitem", ref(graph.output("layer1")), ALL, 1);
        List<Float> seen = new ArrayList<>();
        var mine = model.module().namedModules().get("layer1").registerForwardHook((module, args, output) -> {
            seen.add(((Tensor) output).toFloatArray()[0]);
            model.module().namedModules().values().forEach(m -> hooks.add(m.hookCount()));
            return output;
        });
        try (mine;
                Results results = run(graph.trace(rows(1, 5)))) {
            assertThat(hooks).containsExactly(0, 2, 0, 0, 1, 0);
            assertThat(seen).containsExactly(1f);
        }
    }

    @Test
    void capturesSeeWhatTheGraphMadeOfAPlaceInEveryCall() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        graph.swap(value, graph.call("_operator.pow", ref(value), 0));
        List<String> seen = new ArrayList<>();
        Capture output = new Capture(
                Place.output("layer1"),
                (tensor, call) ->
                        seen.add("out " + call + java.util.Arrays.toString(tensor.shape()) + tensor.toFloatArray()[0]));
        Capture input = new Capture(
                Place.input("sigma1"),
                (tensor, call) -> seen.add("in " + call + java.util.Arrays.toString(tensor.shape())));
        Interleaver interleaver = Interleaver.of(graph.trace(), model);
        for (int run = 0; run < 2; run++) {
            try (Scope scope = Scope.open();
                    Results results = interleaver.run(
                            new PreparedBatch(
                                    Args.of(Tensor.zeros(
                                            io.sightline.engine.DType.FLOAT32, io.sightline.engine.Device.CPU, 3, 5)),
                                    new int[] {3}),
                            List.of(output, input))) {
                assertThat(results.values().get(ID)).isEmpty();
            }
        }
        assertThat(seen).containsExactly("out 0[3, 10]1.0", "in 0[3, 10]", "out 0[3, 10]1.0", "in 0[3, 10]");
    }

    @Test
    void whatACaptureThrowsComesOutAsItWasThrown() {
        Capture failing = new Capture(Place.output("layer1"), (tensor, call) -> {
            throw new java.io.UncheckedIOException(new java.io.IOException("disk full"));
        });
        Interleaver interleaver =
                Interleaver.of(new Block.Trace(Map.of(), List.of(), new Graph(1, false, List.of())), model);
        try (Scope scope = Scope.open()) {
            PreparedBatch batch = new PreparedBatch(
                    Args.of(Tensor.zeros(io.sightline.engine.DType.FLOAT32, io.sightline.engine.Device.CPU, 1, 5)),
                    new int[] {1});
            assertThatThrownBy(() -> interleaver.run(batch, List.of(failing)))
                    .isInstanceOf(java.io.UncheckedIOException.class);
        }
    }

    @Test
    @DisplayName("PARITY 30: a gradient set to another value flows on, whatever lies upstream")
    void aReplacedGradientFlowsOn() {
        GraphSketch graph = new GraphSketch();
        String early = graph.output("layer1");
        String late = graph.output("norm");
        String lateGradient = graph.grad(late, 0);
        graph.swap(lateGradient, graph.call("_operator.mul", ref(lateGradient), 0));
        String earlyGradient = graph.save(graph.grad(early, 0));
        String skipped = graph.call(
                "_operator.add", ref(graph.method(graph.output("layer2"), "sum")), ref(graph.method(early, "sum")));
        graph.method(skipped, "backward");
        try (Results results = run(graph.trace(rows(2, 5)))) {
            // Past norm nothing comes back; what is left is the sum of layer1 itself.
            assertThat(results.tensor(ID, earlyGradient).toFloatArray())
                    .hasSize(20)
                    .usingComparatorWithPrecision(1e-5f)
                    .containsOnly(1f);
        }
    }

    @Test
    void theGradientOfAnInvokeFlowsThroughTheModel() {
        GraphSketch graph = new GraphSketch();
        String gradient = graph.save(graph.grad(graph.at(Place.output("layer1"), 0, 0), 0));
        graph.method(graph.method(graph.at(Place.output("layer2"), -1, 0), "sum"), "backward");
        GraphSketch alone = new GraphSketch();
        String same = alone.save(alone.grad(alone.output("layer1"), 0));
        alone.method(alone.method(alone.output("layer2"), "sum"), "backward");
        try (Results two = run(graph.trace(rows(2, 5), rows(1, 5)));
                Results one = run(alone.trace(rows(2, 5)))) {
            float[] expected = one.tensor(ID, same).toFloatArray();
            float[] actual = two.tensor(ID, gradient).toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
            }
        }
    }

    @Test
    void aFalseConditionWithADiamondBelowKeepsOtherSavedValues() {
        GraphSketch graph = new GraphSketch();
        String kept = graph.save(graph.output("layer1"));
        String never = graph.add("ConditionalProtocol", new Operation.Conditional(Value.Constant.FALSE));
        String top = graph.add("neg", new Operation.Call("_operator.neg", List.of(ref(kept)), Map.of()), never);
        String left = graph.call("_operator.add", ref(top), ref(kept));
        String right = graph.call("_operator.mul", ref(top), ref(left));
        graph.save(right);
        try (Results results = run(graph.trace(rows(1, 5)))) {
            assertThat(results.values().get(ID)).containsOnlyKeys(kept);
            assertThatThrownBy(() -> results.get(ID, right)).hasMessageContaining("its condition was false");
        }
    }

    @Test
    void aChainOfFiftyThousandNodesDoesNotOverflowTheStack() {
        GraphSketch graph = new GraphSketch();
        String value = graph.call("builtins.int", 0);
        for (int i = 0; i < 50_000; i++) {
            value = graph.call("_operator.add", ref(value), 1);
        }
        graph.save(value);
        try (Results results = run(graph.trace(rows(1, 5)))) {
            assertThat(results.get(ID, value)).isEqualTo(50_000L);
        }
    }

    @Test
    void valuesNestedBeyondTheStackAreRefused() {
        GraphSketch graph = new GraphSketch();
        String value = graph.call("builtins.int", 0);
        for (int i = 0; i < 60_000; i++) {
            value = graph.call("builtins.tuple", new Value.ListValue(List.of(ref(value))));
        }
        graph.save(value);
        Block block = graph.trace(rows(1, 5));
        assertThatThrownBy(() -> run(block).close())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("nested too deep");
    }

    @Test
    void aGraphCannotAskForTheWholeMemory() {
        GraphSketch graph = new GraphSketch();
        graph.save(graph.call(
                "torch._VariableFunctionsClass.zeros", new Value.IntValue(1_000_000), new Value.IntValue(1_000_000)));
        assertThatThrownBy(() -> run(graph.trace(rows(1, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("a graph may make");
        GraphSketch text = new GraphSketch();
        text.save(text.call("_operator.mul", "ab", new Value.IntValue(1_000_000_000_000L)));
        assertThatThrownBy(() -> run(text.trace(rows(1, 5))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("at most");
    }

    @Test
    @DisplayName("PARITY 31: a trace without inputs can't be executed")
    void aTraceWithoutInputsIsRefused() {
        GraphSketch graph = new GraphSketch();
        graph.save(graph.output("layer1"));
        assertThatThrownBy(() -> run(graph.trace()))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Can't execute on no inputs!");
    }

    @Test
    void oneInterleaverServesManyThreads() throws InterruptedException {
        GraphSketch graph = new GraphSketch();
        String output = graph.save(graph.output(""));
        graph.call("_operator.setitem", ref(graph.output("layer1")), ALL, 0);
        Interleaver interleaver = Interleaver.of(graph.trace(rows(2, 5)), model);
        List<float[]> found = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int run = 0; run < 20; run++) {
                    try (Results results = interleaver.run()) {
                        found.add(results.tensor(ID, output).toFloatArray());
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(found).hasSize(80).allSatisfy(values -> assertThat(values).containsExactly(found.get(0)));
    }
}
