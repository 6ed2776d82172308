package io.sightline.job.cli;

import io.sightline.family.LoadOptions;
import io.sightline.trace.LanguageModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tree MODEL_DIR}. */
@Command(
        name = "tree",
        description = "Prints a model's Envoy tree, as print(model) shows it in nnsight. Reads no weights.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TreeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL_DIR", description = "A checkpoint directory in Hugging Face format.")
    private Path directory;

    @Override
    public Integer call() {
        if (!Files.isDirectory(directory)) {
            throw new UsageException("no such directory: " + directory);
        }
        try (LanguageModel model = LanguageModel.openLazily(directory, LoadOptions.DEFAULT)) {
            spec.commandLine().getOut().println(model.envoy());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
