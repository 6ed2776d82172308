/**
 * Modules: a small {@code torch.nn} with named children, parameters, forward pre-hooks and forward hooks, and torch's {@code repr}.
 *
 * <p>It does not know checkpoints, families or graphs. {@code family.*} builds models from these parts, {@code envoy} mirrors a
 * module tree, {@code interleave} hangs its hooks on it.
 */
@NullMarked
package io.sightline.nn;

import org.jspecify.annotations.NullMarked;
