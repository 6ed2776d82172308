/**
 * What users touch while they record: the Envoy tree that mirrors a module tree, and the proxies that stand for values to come.
 *
 * <p>Envoys name places, proxies append nodes to the graph that is being recorded. Nothing runs here: {@code trace} opens and
 * closes the contexts, {@code graph} holds what was recorded, {@code interleave} runs it.
 */
@NullMarked
package io.sightline.envoy;

import org.jspecify.annotations.NullMarked;
