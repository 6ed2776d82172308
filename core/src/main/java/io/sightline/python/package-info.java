/**
 * Python's own objects and operators, as far as intervention graphs and TorchScript use them: numbers, strings, lists, dicts, sets, and how they print.
 *
 * <p>None is {@code null}, bool {@code Boolean}, int {@code Long}, float {@code Double}, str {@code String}, tuple
 * {@link io.sightline.engine.Tuple}. It knows tensors only as things to compare and print; torch's functions are in {@code interleave.function}.
 */
@NullMarked
package io.sightline.python;

import org.jspecify.annotations.NullMarked;
