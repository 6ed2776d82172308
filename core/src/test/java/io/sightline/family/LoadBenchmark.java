package io.sightline.family;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.ResidentMemory;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.nn.Args;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What loading costs: writes a synthetic Llama of about 1 GB ({@code write DIR DTYPE}), and loads one ({@code load DIR DTYPE}), telling time
 * and peak resident memory, pages of the mapped files included. A process does one of the two, so that its peak is the load's own;
 * {@code scripts/benchmark-load} runs them.
 */
final class LoadBenchmark {
    private LoadBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        DType dtype = DType.parse(arguments[2]);
        if (arguments[0].equals("write")) {
            SyntheticLlama.write(folder, dtype, 2048, (1L << 30) / dtype.bytes());
        } else {
            load(folder, dtype);
        }
    }

    private static void load(Path folder, DType dtype) {
        // The engine's own start is not the loader's.
        Torch.setThreads(2);
        try (Scope scope = Scope.open()) {
            Tensor.zeros(dtype, Device.CPU, 1).toFloatArray();
        }
        long before = ResidentMemory.bytes();
        long start = System.nanoTime();
        try (PretrainedModel model = PretrainedModel.open(folder, new LoadOptions(dtype.shortName(), "cpu", "sdpa"));
                Scope scope = Scope.open()) {
            double loaded = (System.nanoTime() - start) / 1e9;
            long peak = ResidentMemory.peakBytes();
            // One token's forward pass reads every layer's weights, mapped ones from the file.
            model.module().call(new Args(List.of(), Map.of("input_ids", Tensor.of(new long[] {1}, 1, 1))));
            double ran = (System.nanoTime() - start) / 1e9;
            long peakAfterRun = ResidentMemory.peakBytes();
            double weights = model.parameterBytes();
            System.out.printf(
                    Locale.ROOT,
                    "weights %.0f MB in %s; loaded in %.2f s, with a first forward pass %.2f s; resident before %.0f MB,"
                            + " peak while loading %.0f MB (%.2f × weights), after the pass %.0f MB (%.2f × weights)%n",
                    weights / 1e6,
                    dtype.shortName(),
                    loaded,
                    ran,
                    before / 1e6,
                    peak / 1e6,
                    peak / weights,
                    peakAfterRun / 1e6,
                    peakAfterRun / weights);
        }
    }
}
