package io.sightline.interleave;
public record Capture(io.sightline.graph.Place place, CaptureSink sink) {}
