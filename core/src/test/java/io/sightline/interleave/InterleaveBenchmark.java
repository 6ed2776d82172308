package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.engine.GradMode;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Place;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What interleaving costs: a forward pass of the quickstart model at batch 32, plain, with an empty graph, with a capture at every
 * block, and with a graph that scales every block's output; then what {@link EarlyEndBenchmark} saves. Passes take turns, and what counts is the CPU time of one thread (torch is
 * held to one), so that what else the machine does matters little.
 */
final class InterleaveBenchmark {
    static final int BATCH = 32;
    private static final int WIDTH = 24;
    private static final int ROUNDS = 150;

    private InterleaveBenchmark() {}

    /** A model that is given batches only. */
    record Batched(Module module, boolean endsEarly) implements RunnableModel {
        @Override
        public Device device() {
            return Device.CPU;
        }

        @Override
        public PreparedBatch prepare(List<@Nullable Object> inputs) {
            throw new UnsupportedOperationException("batches are given");
        }

        @Override
        public boolean canEndEarly(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
            return endsEarly;
        }

        @Override
        public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
            return module.call(batch.args());
        }
    }

    record Case(String name, Runnable pass, List<Double> millis) {}

    public static void main(String[] arguments) {
        Torch.setThreads(1);
        try (PretrainedModel model = PretrainedModel.open(
                        Fixtures.repositoryPath("conf/quickstart/model"), new LoadOptions("float32", "cpu", "auto"));
                Scope scope = Scope.open()) {
            Module module = model.module();
            RunnableModel runnable = new Batched(module, false);
            PreparedBatch batch = new PreparedBatch(arguments(), new int[] {BATCH});
            Interleaver empty =
                    Interleaver.of(new Block.Trace(Map.of(), List.of(), new Graph(1, false, List.of())), runnable);
            Interleaver scaling = Interleaver.of(scaling(module).trace(), runnable);
            List<Capture> captures = blocks(module).stream()
                    .map(path -> new Capture(Place.output(path), (value, call) -> {}))
                    .toList();
            List<Case> cases = List.of(
                    new Case("plain forward pass", () -> plain(module, batch), new ArrayList<>()),
                    new Case("empty graph", () -> empty.run(batch, List.of()).close(), new ArrayList<>()),
                    new Case(
                            "empty graph, capture at every block",
                            () -> empty.run(batch, captures).close(),
                            new ArrayList<>()),
                    new Case(
                            "graph that scales every block",
                            () -> scaling.run(batch, List.of()).close(),
                            new ArrayList<>()));
            measure(cases, ROUNDS);
            report("quickstart model", cases);
        }
        EarlyEndBenchmark.run();
    }

    private static void plain(Module module, PreparedBatch batch) {
        try (Scope scope = Scope.open();
                GradMode off = GradMode.disable()) {
            module.call(batch.args());
        }
    }

    static Args arguments() {
        long[] ids = new long[BATCH * WIDTH];
        long[] mask = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 37L % 400;
        }
        Arrays.fill(mask, 1);
        return new Args(List.of(), Map.of())
                .with("input_ids", Tensor.of(ids, BATCH, WIDTH))
                .with("attention_mask", Tensor.of(mask, BATCH, WIDTH));
    }

    private static List<String> blocks(Module module) {
        return module.namedModules().keySet().stream()
                .filter(path -> path.matches("transformer\\.h\\.\\d+"))
                .toList();
    }

    private static GraphSketch scaling(Module module) {
        GraphSketch graph = new GraphSketch();
        for (String path : blocks(module)) {
            String hidden = graph.call("_operator.getitem", GraphSketch.ref(graph.output(path)), 0);
            graph.call("_operator.imul", GraphSketch.ref(hidden), 0.99);
        }
        return graph;
    }

    static void measure(List<Case> cases, int rounds) {
        for (int round = -rounds / 5; round < rounds; round++) {
            for (int i = 0; i < cases.size(); i++) {
                Case turn = cases.get(Math.floorMod(round + i, cases.size()));
                long start = cpuNanos();
                turn.pass().run();
                double millis = (cpuNanos() - start) / 1e6;
                if (round >= 0) {
                    turn.millis().add(millis);
                }
            }
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    static void report(String model, List<Case> cases) {
        double plain = median(cases.get(0));
        System.out.printf(
                "%s, batch %d x %d tokens, CPU time of one thread, median of %d passes%n",
                model, BATCH, WIDTH, cases.get(0).millis().size());
        for (Case each : cases) {
            System.out.printf(
                    "%-40s %8.3f ms  %+6.2f %%%n", each.name(), median(each), (median(each) / plain - 1) * 100);
        }
    }

    static double median(Case measured) {
        double[] sorted = measured.millis().stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
