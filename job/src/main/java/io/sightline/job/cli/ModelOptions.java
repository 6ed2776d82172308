package io.sightline.job.cli;

import io.sightline.family.LoadOptions;
import picocli.CommandLine.Option;

/** How a command loads its model; the same three options everywhere. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ModelOptions {
    @Option(
            names = "--dtype",
            defaultValue = "auto",
            paramLabel = "DTYPE",
            description =
                    "auto, float32, float16 or bfloat16; auto is float32 on a CPU and the checkpoint's own on a GPU.")
    private String dtype;

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "DEVICE",
            description = "auto, cpu, cuda or cuda:N.")
    private String device;

    @Option(names = "--attention", defaultValue = "auto", paramLabel = "KIND", description = "auto, eager or sdpa.")
    private String attention;

    LoadOptions load() {
        return new LoadOptions(dtype, device, attention);
    }
}
