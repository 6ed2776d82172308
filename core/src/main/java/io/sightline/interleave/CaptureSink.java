package io.sightline.interleave;
public interface CaptureSink { void accept(io.sightline.engine.Tensor value, int call); }
