package io.sightline.checkpoint.safetensors;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of a checkpoint that cannot be used; the message names the file, what is wrong with it and, where known, how to fix it. */
public final class CheckpointException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(Path file, String problem) {
        this(file, problem, null);
    }

    public CheckpointException(Path file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
