package io.sightline.interleave;
public record PreparedBatch(io.sightline.nn.Args args, int[] rowsPerInvoke) {}
