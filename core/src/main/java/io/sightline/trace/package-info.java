/**
 * The front door: open a model, trace it, invoke, save, loop in sessions, edit, scan, generate.
 *
 * <p>Contexts are opened with try-with-resources and end with {@code run()} as the last line of their block: an exception before it leaves
 * nothing run. What is recorded is {@code graph}'s data, written through {@code envoy}'s Envoys and proxies; {@code interleave} runs it.
 */
@NullMarked
package io.sightline.trace;

import org.jspecify.annotations.NullMarked;
