package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.ALL;
import static io.sightline.interleave.GraphSketch.ref;
import static io.sightline.interleave.GraphSketch.rows;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("PARITY 21, 30, 35, 45: what is refused before a graph runs")
class ValidationTest {
    private static TestModel model;

    @BeforeAll
    static void open() {
        model = new TestModel("tiny/mlp_sigmoid");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static void refused(Block block, String... messages) {
        var refusal = assertThatThrownBy(() -> Interleaver.of(block, model)).isInstanceOf(GraphException.class);
        for (String message : messages) {
            refusal.hasMessageContaining(message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os.system",
                "builtins.eval",
                "builtins.exec",
                "builtins.open",
                "builtins.__import__",
                "builtins.getattr",
                "subprocess.run",
                "_operator.methodcaller",
                "_operator.attrgetter",
                "torch.load",
                "torch.serialization.load",
                "torch._VariableFunctionsClass.from_file",
                "torch._VariableFunctionsClass.frombuffer",
                "torch.utils.data.dataloader.DataLoader",
                "_operator.add.__class__",
                "_operator.add\u0000",
                " _operator.add",
                "_OPERATOR.ADD",
                "builtins.print\n",
                "nnsight.tracing.protocols.UnknownProtocol",
                "",
                ".",
                "torch.hub.load",
                "nnsight.util.fetch_attr.__globals__",
                "java.lang.Runtime.exec"
            })
    @DisplayName("PARITY 45: an unknown function is refused by name before anything runs")
    void anUnknownFunctionIsRefusedByName(String function) {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        graph.add("f", new Operation.Call(function, List.of(ref(value)), Map.of()));
        refused(graph.trace(rows(1, 5)), "node 'f_1' of graph 7", "is not on the whitelist");
    }

    @Test
    void aMisspeltFunctionGetsTheNearestName() {
        GraphSketch graph = new GraphSketch();
        graph.call("torch._VariableFunctionsClass.sofmax", ref(graph.output("layer1")));
        refused(graph.trace(rows(1, 5)), "did you mean 'torch._VariableFunctionsClass.softmax'?");
    }

    @Test
    void aFunctionAmongTheArgumentsIsCheckedToo() {
        GraphSketch graph = new GraphSketch();
        graph.call("builtins.print", new Value.ListValue(List.of(new Value.FunctionValue("os.system"))));
        refused(graph.trace(rows(1, 5)), "'os.system' is not on the whitelist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__class__",
                "__globals__",
                "_backward_hooks",
                "apply_",
                "register_hook",
                "numpy",
                "data_ptr",
                "storage",
                "set_",
                "sum.__self__",
                "a..b",
                "",
                "map_",
                "share_memory_"
            })
    @DisplayName("PARITY 21: tensor methods have a whitelist of their own")
    void aForbiddenAttributeIsRefused(String attribute) {
        GraphSketch graph = new GraphSketch();
        graph.call("nnsight.util.fetch_attr", ref(graph.output("layer1")), attribute);
        refused(graph.trace(rows(1, 5)), "node 'fetch_attr_1'", "is not one that a graph may use");
    }

    @Test
    void anUnknownModuleGetsTheNearestName() {
        GraphSketch graph = new GraphSketch();
        graph.output("layer3");
        refused(
                graph.trace(rows(1, 5)),
                "no module 'layer3'",
                "the root has layer1, sigma1, norm, layer2, act",
                "did you mean 'layer");
        GraphSketch deeper = new GraphSketch();
        deeper.output("layer1.weight");
        refused(deeper.trace(rows(1, 5)), "no module 'layer1.weight'", "'layer1' has no children");
    }

    @Test
    void aCycleIsRefused() {
        List<Node> nodes = List.of(
                new Node("a", new Operation.Call("_operator.neg", List.of(ref("b")), Map.of()), null),
                new Node("b", new Operation.Call("_operator.neg", List.of(ref("a")), Map.of()), null));
        refused(
                new Block.Trace(Map.of(), List.of(rows(1, 5)), new Graph(7, false, nodes)),
                "node 'a' of graph 7 is in a cycle");
        List<Node> self =
                List.of(new Node("a", new Operation.Call("_operator.neg", List.of(ref("a")), Map.of()), null));
        refused(new Block.Trace(Map.of(), List.of(rows(1, 5)), new Graph(7, false, self)), "is in a cycle");
    }

    @Test
    void referencesToLaterOrMissingNodesAreRefused() {
        List<Node> later = List.of(
                new Node("a", new Operation.Call("_operator.neg", List.of(ref("b")), Map.of()), null),
                new Node("b", new Operation.Call("builtins.int", List.of(), Map.of()), null));
        refused(
                new Block.Trace(Map.of(), List.of(rows(1, 5)), new Graph(7, false, later)),
                "refers to 'b', which comes after it");
        GraphSketch graph = new GraphSketch();
        graph.save("nowhere");
        refused(graph.trace(rows(1, 5)), "refers to 'nowhere', which is not in the graph");
        GraphSketch condition = new GraphSketch();
        String value = condition.output("layer1");
        condition.add("LockProtocol", new Operation.Lock(ref(value)), value);
        refused(
                condition.trace(rows(1, 5)),
                "has '" + value + "' as its condition, which is not a ConditionalProtocol node");
    }

    @Test
    void bridgesThatLeadNowhereAreRefused() {
        GraphSketch graph = new GraphSketch();
        graph.add("BridgeProtocol", new Operation.Bridge(99, "LockProtocol_0"));
        refused(graph.trace(rows(1, 5)), "bridges to 'LockProtocol_0' of graph 99");
    }

    @Test
    void anInvokeThatTheTraceDoesNotHaveIsRefused() {
        GraphSketch graph = new GraphSketch();
        graph.at(Place.output("layer1"), 2, 0);
        refused(graph.trace(rows(1, 5), rows(1, 5)), "of invoke 2; the trace has invokes 0 to 1");
    }

    @Test
    void aPlaceOutsideATraceIsNeverReachedAndRefused() {
        GraphSketch graph = new GraphSketch();
        graph.output("layer1");
        refused(new Block.Session(graph.trace().graph()), "the model runs in traces");
    }

    @Test
    @DisplayName("PARITY 35: setting an earlier module from a later module's value is refused at validation")
    void thePastIsNotSetFromTheFuture() {
        GraphSketch graph = new GraphSketch();
        String early = graph.output("layer1");
        String late = graph.output("sigma1");
        graph.swap(early, graph.call("_operator.mul", ref(late), 2));
        refused(graph.trace(rows(1, 5)), "cannot set layer1.output: it uses sigma1.output, which is computed later");
        GraphSketch self = new GraphSketch();
        String input = self.at(Place.input("layer2"), 0, 0);
        self.swap(input, self.output("layer2"));
        refused(self.trace(rows(1, 5)), "cannot set layer2.input: it uses layer2.output");
        GraphSketch whole = new GraphSketch();
        whole.swap(whole.output("layer1"), whole.output(""));
        refused(whole.trace(rows(1, 5)), "cannot set layer1.output: it uses output");
    }

    @Test
    @DisplayName("PARITY 30: a gradient asked for after the only backward pass is refused")
    void aGradientAfterTheOnlyBackwardIsRefused() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        graph.method(graph.method(graph.output("layer2"), "sum"), "backward");
        graph.save(graph.grad(value, 1));
        refused(
                graph.trace(rows(1, 5)),
                "node 'GradProtocol_1' of graph 7",
                ".grad was asked for after the last backward()");
        GraphSketch none = new GraphSketch();
        none.save(none.grad(none.output("layer1"), 0));
        refused(none.trace(rows(1, 5)), "no backward()");
    }

    @Test
    void onlyPlacesAndGradientsCanBeSet() {
        GraphSketch graph = new GraphSketch();
        String sum = graph.call("_operator.add", ref(graph.output("layer1")), 1);
        graph.swap(sum, sum);
        refused(graph.trace(rows(1, 5)), "neither a place of the model nor a gradient");
    }

    @Test
    void whatIsAllowedPasses() {
        GraphSketch graph = new GraphSketch();
        String value = graph.output("layer1");
        graph.call("_operator.setitem", ref(value), ALL, 0);
        graph.swap(value, graph.method(value, "clone"));
        assertThatCode(() -> Interleaver.of(graph.trace(rows(1, 5)), model)).doesNotThrowAnyException();
    }
}
