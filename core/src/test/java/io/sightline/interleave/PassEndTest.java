package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.ALL;
import static io.sightline.interleave.GraphSketch.ID;
import static io.sightline.interleave.GraphSketch.ref;
import static io.sightline.interleave.GraphSketch.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.nn.Args;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a forward pass ends after the last place that the graph or a capture reads")
class PassEndTest {
    private final List<Integer> computed = new ArrayList<>();
    private final Chain chain = new Chain();
    private final long tensors = Torch.liveTensors();

    /** Adds one, and says that it did. */
    private final class Step extends Module {
        private final int number;

        Step(int number) {
            this.number = number;
        }

        @Override
        protected Object forward(Args args) {
            computed.add(number);
            return args.tensor().add(Tensor.of(new float[] {1, 1, 1}, 3));
        }
    }

    /** Four steps, and a fifth that only a graph calls. */
    private final class Chain extends Module {
        private final List<Step> steps = new ArrayList<>();

        Chain() {
            for (int i = 0; i < 4; i++) {
                steps.add(child("step" + i, new Step(i)));
            }
            child("aside", new Step(9));
        }

        @Override
        protected Object forward(Args args) {
            Tensor x = args.tensor();
            for (Step step : steps) {
                x = step.call(x);
            }
            return x;
        }
    }

    private List<Integer> computedBy(GraphSketch graph) {
        computed.clear();
        Interleaver.of(graph.trace(rows(2, 3), rows(1, 3)), new CalledModule(chain, true))
                .run()
                .close();
        return computed;
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(Torch.liveTensors()).isEqualTo(tensors);
        assertThat(chain.hooksOfThisThread()).isZero();
    }

    @Test
    void theLastPlaceOfAnyInvokeEndsIt() {
        GraphSketch graph = new GraphSketch();
        graph.save(graph.at(Place.output("step0"), 1, 0));
        graph.save(graph.at(Place.output("step2"), 0, 0));
        assertThat(computedBy(graph)).containsExactly(0, 1, 2);
    }

    @Test
    void anInputEndsItBeforeItsModule() {
        GraphSketch graph = new GraphSketch();
        graph.save(graph.at(Place.input("step2"), -1, 0));
        assertThat(computedBy(graph)).containsExactly(0, 1);
    }

    @Test
    void whatIsSetOnTheWayIsSeenByWhatIsRead() {
        GraphSketch graph = new GraphSketch();
        String first = graph.at(Place.output("step0"), -1, 0);
        graph.call("_operator.setitem", ref(first), ALL, 5);
        String last = graph.save(graph.at(Place.output("step1"), -1, 0));
        try (Results results = Interleaver.of(graph.trace(rows(2, 3)), new CalledModule(chain, true))
                .run()) {
            assertThat(results.tensor(ID, last).toFloatArray()).containsOnly(6f);
        }
        assertThat(computed).containsExactly(0, 1);
    }

    @Test
    void aReadOfTheModelsOwnOutputNeedsAllOfIt() {
        GraphSketch graph = new GraphSketch();
        graph.save(graph.at(Place.output("step0"), -1, 0));
        graph.save(graph.at(Place.output(""), -1, 0));
        assertThat(computedBy(graph)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aGraphWithoutPlacesRunsTheModel() {
        assertThat(computedBy(new GraphSketch())).containsExactly(0, 1, 2, 3);
    }

    @Test
    @DisplayName("a place under a false condition is not waited for")
    void aDeadPlaceIsNotWaitedFor() {
        GraphSketch graph = new GraphSketch();
        String condition = graph.add("ConditionalProtocol", new Operation.Conditional(GraphSketch.value(false)));
        graph.save(graph.at(Place.output("step0"), -1, 0));
        graph.add("InterventionProtocol", new Operation.Intervention(Place.output("step3"), -1, 0), condition);
        assertThat(computedBy(graph)).containsExactly(0);
    }

    @Test
    void aPlaceThatIsNeverReachedIsWaitedForToTheEnd() {
        GraphSketch graph = new GraphSketch();
        String missed = graph.save(graph.at(Place.output("step0"), -1, 1));
        try (Results results = Interleaver.of(graph.trace(rows(2, 3)), new CalledModule(chain, true))
                .run()) {
            assertThatThrownBy(() -> results.get(ID, missed)).hasMessageContaining("was not reached in call 1");
        }
        assertThat(computed).containsExactly(0, 1, 2, 3);
    }

    @Test
    @DisplayName("what was set at the last place still meets the module that takes it")
    void aLastPlaceThatWasSetDoesNotEndIt() {
        GraphSketch graph = new GraphSketch();
        String place = graph.at(Place.output("step1"), -1, 0);
        graph.swap(place, graph.method(place, "narrow", 1, 0, 2));
        assertThatThrownBy(() -> computedBy(graph))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("It sets step1.output");
    }

    @Test
    void aNodeThatCallsAModuleIsFinishedFirst() {
        GraphSketch graph = new GraphSketch();
        String place = graph.at(Place.output("step0"), -1, 0);
        String inside = graph.save(graph.at(Place.output("aside"), -1, 0));
        String called = graph.save(graph.add(
                "ApplyModuleProtocol", new Operation.ApplyModule("aside", List.of(ref(place)), Map.of(), false)));
        try (Results results = Interleaver.of(graph.trace(rows(2, 3)), new CalledModule(chain, true))
                .run()) {
            assertThat(results.tensor(ID, called).shape()).containsExactly(2, 3);
            assertThatThrownBy(() -> results.get(ID, inside)).hasMessageContaining("was not reached");
        }
        assertThat(computed).containsExactly(0, 9, 1, 2, 3);
    }

    @Test
    @DisplayName("a module that the graph calls with hooks may be captured once more, so the pass runs to its end")
    void aHookedCallOfTheGraphRunsItToTheEnd() {
        GraphSketch graph = new GraphSketch();
        String place = graph.at(Place.output("step0"), -1, 0);
        graph.save(graph.add(
                "ApplyModuleProtocol", new Operation.ApplyModule("step2", List.of(ref(place)), Map.of(), true)));
        assertThat(captured(graph, "step2")).containsExactly(0, 1);
        assertThat(computed).containsExactly(0, 2, 1, 2, 3);
    }

    @Test
    void theLastCaptureEndsIt() {
        assertThat(captured(new GraphSketch(), "step1")).containsExactly(0);
        assertThat(computed).containsExactly(0, 1);
    }

    @Test
    void capturesAndGraphWaitForEachOther() {
        GraphSketch graph = new GraphSketch();
        graph.save(graph.at(Place.output("step2"), -1, 0));
        assertThat(captured(graph, "step1")).containsExactly(0);
        assertThat(computed).containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName("hooks of others count on the whole pass")
    void otherHooksKeepItGoing() {
        List<String> seen = new ArrayList<>();
        try (HookHandle other = chain.steps.get(3).registerForwardHook((module, args, output) -> {
            seen.add("step3");
            return output;
        })) {
            captured(new GraphSketch(), "step1");
        }
        assertThat(seen).containsExactly("step3");
        assertThat(computed).containsExactly(0, 1, 2, 3);
    }

    /** The calls of one module that a capture is told of. */
    private List<Integer> captured(GraphSketch sketch, String path) {
        computed.clear();
        List<Integer> calls = new ArrayList<>();
        Graph graph = sketch.trace().graph();
        Interleaver interleaver = Interleaver.forBatches(
                new io.sightline.graph.Block.Trace(Map.of(), List.of(), graph), new CalledModule(chain, true));
        try (Scope scope = Scope.open()) {
            PreparedBatch batch = new PreparedBatch(Args.of(Tensor.of(new float[6], 2, 3)), new int[] {2});
            interleaver
                    .run(batch, List.of(new Capture(Place.output(path), (value, call) -> calls.add(call))))
                    .close();
        }
        return calls;
    }
}
