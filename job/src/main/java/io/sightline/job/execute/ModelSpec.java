package io.sightline.job.execute;

import io.sightline.job.config.ModelSource;
import java.io.Serializable;

/**
 * The model a run uses, by content.
 *
 * @param source as the job file names it
 * @param modelHash over config and weights
 * @param tokenizerHash over the tokenizer's files; {@code none} where there are none
 */
public record ModelSpec(ModelSource source, String modelHash, String tokenizerHash) implements Serializable {}
