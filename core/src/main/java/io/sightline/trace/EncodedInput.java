package io.sightline.trace;

import io.sightline.graph.Value;

/**
 * One invoke's input as the wire format has it.
 *
 * @param value a tuple of the model's positional arguments
 * @param tokens how many tokens wide it is; 0 where that means nothing
 */
record EncodedInput(Value value, int tokens) {}
