package io.sightline.interleave;

import io.sightline.engine.Tensor;

/** Takes the activations of a captured place. */
@FunctionalInterface
public interface CaptureSink {
    /**
     * @param value the place's first tensor, all rows; it belongs to the run, so copy out what you keep, at once
     * @param call which call of the module, from 0: the step of a generation
     */
    void accept(Tensor value, int call);
}
