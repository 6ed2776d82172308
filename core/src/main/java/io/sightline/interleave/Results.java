package io.sightline.interleave;
public final class Results implements AutoCloseable { public Object get(String g, String n) { throw new IllegalStateException("stub"); } public void close() {} }
