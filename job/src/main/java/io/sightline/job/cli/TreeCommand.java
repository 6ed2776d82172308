package io.sightline.job.cli;

import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tree MODEL_DIR}. */
@Command(
        name = "tree",
        description = "Prints a model's module tree, as print(model) shows it in Python. Reads no weights.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TreeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL_DIR",
            description = "A Hugging Face checkpoint, a directory with a model.json, or a TorchScript file.")
    private Path directory;

    @Override
    public Integer call() {
        try (PretrainedModel model = PretrainedModel.shapesOnly(directory, LoadOptions.DEFAULT)) {
            spec.commandLine().getOut().println(model.module());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
