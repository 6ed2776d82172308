package io.sightline.interleave;

import io.sightline.graph.Place;

/** Hands out the activations of a place, whatever the graph is, after the graph's own nodes for that place ran. */
public record Capture(Place place, CaptureSink sink) {}
