/**
 * Intervention graphs as immutable data, and their JSON in nnsight 0.3's wire format, in and out.
 *
 * <p>It holds no tensors of the engine and runs nothing. {@code envoy} names places, {@code trace} records graphs, {@code interleave}
 * runs them.
 */
@NullMarked
package io.sightline.graph;

import org.jspecify.annotations.NullMarked;
