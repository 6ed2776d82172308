package io.sightline.job.config;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code capture}: activations to keep, by module path.
 *
 * @param name rows in the activations table carry it
 * @param module Envoy path with {@code *} (any one name) and ranges such as {@code [0-5]}
 * @param input whether the module's input is meant, not its output
 * @param tokens which tokens
 * @param dtype {@code float32} or {@code float16}
 * @param invoke which text column's rows, from 0; null is the last
 * @param where an SQL condition over the prompts' columns that a prompt must meet to be captured; null is all
 */
public record CaptureRequest(
        String name,
        String module,
        boolean input,
        TokenSelection tokens,
        String dtype,
        @Nullable Integer invoke,
        @Nullable String where)
        implements Serializable {}
