package io.sightline.family;

import java.nio.file.Files;
import java.nio.file.Path;

/** What kind of model a path is. Java, jobs and the command line all decide it here. */
public enum ModelKind {
    /** A directory with a config.json: a Hugging Face checkpoint. Also any path that is neither of the others, which then fails as one. */
    CHECKPOINT,
    /** A directory with a model.json and no config.json: a net of nested Sequentials. */
    NET,
    /** A file: TorchScript. A TorchScript file inside a checkpoint's directory does not count. */
    TORCHSCRIPT;

    public static ModelKind of(Path path) {
        if (Files.isRegularFile(path)) {
            return TORCHSCRIPT;
        }
        boolean isNet = !Files.exists(path.resolve("config.json")) && Files.exists(path.resolve(SequentialNet.FILE));
        return isNet ? NET : CHECKPOINT;
    }
}
