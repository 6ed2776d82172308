/**
 * What intervention graphs may call: the whitelist of functions by their names on the wire, of attributes and methods by the kind of
 * object, and how each is done. Nothing is found by reflection; a name that is not listed does not run.
 *
 * <p>torch's functions go through the engine's {@code TorchFunction}; the lists are resources ({@code torch-functions.txt},
 * {@code functional.txt}, {@code tensor-methods.txt}). Python's own operators are in {@code interleave.python}.
 */
@NullMarked
package io.sightline.interleave.function;

import org.jspecify.annotations.NullMarked;
