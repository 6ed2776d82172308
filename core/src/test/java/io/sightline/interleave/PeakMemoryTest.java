package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.ResidentMemory;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import io.sightline.nn.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Peak resident memory of a pass whose activations are 32 MB each, twelve layers deep: with and without a graph. */
class PeakMemoryTest {
    private static final int WIDTH = 1024;
    private static final int ROWS = 8192;
    private static final long ACTIVATION = 4L * WIDTH * ROWS;

    private record Deep(Module module) implements RunnableModel {
        @Override
        public Device device() {
            return Device.CPU;
        }

        @Override
        public PreparedBatch prepare(List<@Nullable Object> inputs) {
            throw new UnsupportedOperationException("batches are given");
        }

        @Override
        public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
            return module.call(batch.args());
        }
    }

    private static long peak(Interleaver interleaver) throws IOException {
        try (Scope scope = Scope.open()) {
            PreparedBatch batch =
                    new PreparedBatch(Args.of(Tensor.zeros(DType.FLOAT32, Device.CPU, ROWS, WIDTH)), new int[] {ROWS});
            System.gc();
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            long before = ResidentMemory.bytes();
            interleaver.run(batch, List.of()).close();
            return ResidentMemory.peakBytes() - before;
        }
    }

    @Test
    void savingOneNumberOfALongPassPeaksNoHigherThanThePassAlone() throws IOException {
        Linear[] layers = new Linear[12];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new Linear(WIDTH, WIDTH, Linear.Bias.of(false));
        }
        Module net = new Sequential(layers);
        net.namedParameters()
                .values()
                .forEach(p -> p.bind(
                        Tensor.full(0.01, DType.FLOAT32, Device.CPU, p.shape()).release()));
        GraphSketch graph = new GraphSketch();
        for (int layer = 0; layer < 12; layer++) {
            graph.save(graph.method(graph.output(Integer.toString(layer)), "sum"));
        }
        Interleaver empty =
                Interleaver.of(new Block.Trace(Map.of(), List.of(), new Graph(7, false, List.of())), new Deep(net));
        Interleaver saving = Interleaver.of(graph.trace(), new Deep(net));
        peak(empty);
        peak(saving);
        long plain = Math.min(peak(empty), peak(empty));
        long withGraph = Math.min(peak(saving), peak(saving));
        net.namedParameters().values().forEach(p -> p.tensor().close());
        assertThat(plain).as("two activations at least").isGreaterThan(ACTIVATION);
        assertThat(withGraph).as("plain %d MB", plain >> 20).isLessThan(plain + ACTIVATION / 4);
    }
}
