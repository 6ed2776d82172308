package io.sightline.graph;
public final class WireReader { public static Block read(String json) { throw new GraphException("stub"); } }
