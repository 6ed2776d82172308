package io.sightline.job.config;

import java.io.Serializable;

/**
 * {@code output}: where the tables go.
 *
 * @param path the run directory, a path or any Hadoop URI
 * @param format {@code parquet} or {@code iceberg}
 * @param compression Parquet codec, {@code zstd}
 */
public record OutputTarget(String path, String format, String compression) implements Serializable {}
