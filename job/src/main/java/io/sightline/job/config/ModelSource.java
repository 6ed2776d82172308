package io.sightline.job.config;

import java.io.Serializable;

/**
 * {@code model}: which checkpoint, and how to run it.
 *
 * @param path a directory, or any Hadoop URI of one
 * @param dtype {@code auto}, {@code float32}, {@code float16} or {@code bfloat16}
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 * @param attention {@code auto}, {@code eager} or {@code sdpa}
 */
public record ModelSource(String path, String dtype, String device, String attention) implements Serializable {}
