package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.ref;
import static io.sightline.interleave.GraphSketch.rows;
import static io.sightline.interleave.GraphSketch.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where values are, in what order nodes run, and what is left at the end. The meta device stands for a second device: every machine has it. */
class ValuesParityTest {
    private static final String ID = "7";
    private static TestModel model;

    @BeforeAll
    static void open() {
        model = new TestModel("tiny/mlp_sigmoid");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static RunnableModel elsewhere() {
        return model.withoutData().orElseThrow();
    }

    @Test
    @DisplayName("PARITY 24: arguments move to the device of the first tensor")
    void argumentsMoveToTheDeviceOfTheFirstTensor() {
        GraphSketch graph = new GraphSketch();
        String here = graph.output("layer1");
        String there = graph.method(here, "to", "meta");
        String sum = graph.save(graph.call("_operator.add", ref(there), ref(here)));
        String joined = graph.save(graph.call(
                "torch._VariableFunctionsClass.cat", new Value.ListValue(List.of(ref(there), ref(here), ref(here)))));
        try (Results results = Interleaver.of(graph.trace(rows(2, 5)), model).run()) {
            assertThat(results.tensor(ID, sum).device()).isEqualTo(Device.META);
            assertThat(results.tensor(ID, sum).shape()).containsExactly(2, 10);
            assertThat(results.tensor(ID, joined).device()).isEqualTo(Device.META);
            assertThat(results.tensor(ID, joined).shape()).containsExactly(6, 10);
        }
    }

    @Test
    @DisplayName("PARITY 24: a swapped value moves to the device of the one it replaces")
    void aSwappedValueMovesToTheDeviceOfTheReplacedOne() {
        GraphSketch graph = new GraphSketch();
        String onTheCpu = graph.call("torch._VariableFunctionsClass.ones", 2, 10);
        graph.swap(graph.output("layer1"), onTheCpu);
        String after = graph.save(graph.output("layer2"));
        List<Device> given = new ArrayList<>();
        RunnableModel elsewhere = elsewhere();
        Module next = Objects.requireNonNull(elsewhere.module().namedModules().get("sigma1"));
        try (var hook = next.registerForwardPreHookFirst((module, args) -> {
                    given.add(args.tensor().device());
                    return null;
                });
                Results results = new Interleaver(Planner.plan(graph.trace(rows(2, 5))), elsewhere, line -> {}).run()) {
            assertThat(given).containsExactly(Device.META);
            assertThat(results.tensor(ID, after).shape()).containsExactly(2, 4);
        }
    }

    private static List<String> printed(Block block) {
        List<String> lines = new ArrayList<>();
        Interleaver.of(block, model, lines::add).run().close();
        return lines;
    }

    @Test
    @DisplayName("PARITY 26: a trace's graph is driven by its data: what needs nothing of the model runs at once")
    void aTraceRunsItsRootsAtOnce() {
        GraphSketch graph = new GraphSketch();
        String late = graph.method(graph.output("layer2"), "dim");
        graph.call("builtins.print", "layer2", ref(late));
        String early = graph.method(graph.output("layer1"), "dim");
        graph.call("builtins.print", "layer1", ref(early));
        graph.call("builtins.print", "root");
        assertThat(printed(graph.trace(rows(1, 5)))).containsExactly("root", "layer1 2", "layer2 2");
    }

    @Test
    @DisplayName("PARITY 26: session and iterator graphs run in order")
    void sessionsAndLoopsRunInOrder() {
        List<Node> round = List.of(
                new Node("ValueProtocol_0", new Operation.LoopItem(Value.Constant.NONE), null),
                print(0, "first"),
                print(1, "round", ref("ValueProtocol_0")),
                print(2, "last"));
        Block.Loop loop = new Block.Loop(
                new Value.ListValue(List.of(new Value.IntValue(1), new Value.IntValue(2))), new Graph(8, true, round));
        List<Node> nodes = List.of(
                print(0, "before"),
                new Node("LocalBackendExecuteProtocol_0", new Operation.Execute(loop), null),
                print(1, "after"));
        assertThat(printed(new Block.Session(new Graph(7, true, nodes))))
                .containsExactly("before", "first", "round 1", "last", "first", "round 2", "last", "after");
    }

    private static Node print(int number, Object... values) {
        List<Value> arguments =
                java.util.Arrays.stream(values).map(GraphSketch::value).toList();
        return new Node("print_" + number, new Operation.Call("builtins.print", arguments, Map.of()), null);
    }

    @Test
    @DisplayName(
            "PARITY 46: the result is every node that still holds a value, by its name, on the CPU and outside autograd")
    void theResultIsEveryNodeThatStillHoldsAValue() {
        GraphSketch graph = new GraphSketch();
        String hidden = graph.save(graph.output("layer1"));
        String gradient = graph.save(graph.grad(hidden, 0));
        String gone = graph.call("_operator.mul", ref(hidden), 2);
        String sum = graph.save(graph.method(gone, "sum"));
        String pair = graph.save(
                graph.call("builtins.list", new Value.TupleValue(List.of(ref(hidden), new Value.IntValue(3)))));
        graph.method(sum, "backward");
        String constant = graph.save(graph.call("torch._VariableFunctionsClass.abs", tensor(new double[] {-1, 2}, 2)));
        try (Results results = Interleaver.of(graph.trace(rows(1, 5)), model).run()) {
            assertThat(results.values()).containsOnlyKeys(ID);
            assertThat(results.values().get(ID)).containsOnlyKeys(hidden, sum, pair, gradient, constant);
            for (String node : List.of(hidden, sum, gradient, constant)) {
                Tensor value = results.tensor(ID, node);
                assertThat(value.device()).isEqualTo(Device.CPU);
                assertThat(value.requiresGrad()).isFalse();
            }
            List<?> items = (List<?>) Objects.requireNonNull(results.get(ID, pair));
            assertThat(((Tensor) items.get(0)).toFloatArray())
                    .containsExactly(results.tensor(ID, hidden).toFloatArray());
            assertThat(items.get(1)).isEqualTo(3L);
            assertThat(results.tensor(ID, constant).toFloatArray()).containsExactly(1, 2);
        }
    }
}
