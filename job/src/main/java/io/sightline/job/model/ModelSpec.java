package io.sightline.job.model;

import io.sightline.job.config.ModelSource;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * The model a run uses, by content.
 *
 * @param source as the job file names it
 * @param modelHash over config and weights
 * @param tokenizerHash over the tokenizer's files; {@code none} where there are none
 */
public record ModelSpec(ModelSource source, String modelHash, String tokenizerHash) implements Serializable {
    /** Hashes the checkpoint in {@code directory}, which is where this machine has what {@code source} names. */
    public static ModelSpec read(ModelSource source, Path directory) {
        return new ModelSpec(
                asExecutorsFindIt(source, directory),
                CheckpointHash.ofModel(directory),
                CheckpointHash.ofTokenizer(directory));
    }

    /** An executor has a working directory of its own, so a local path must be absolute. */
    private static ModelSource asExecutorsFindIt(ModelSource model, Path directory) {
        return ModelFiles.isRemote(model.path())
                ? model
                : new ModelSource(directory.toString(), model.dtype(), model.device(), model.attention());
    }
}
