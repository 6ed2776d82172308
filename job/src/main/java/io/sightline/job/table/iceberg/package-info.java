/**
 * A run's tables as Iceberg tables: {@code activations/}, {@code values/}, {@code prompts/} and {@code errors/} with Iceberg's
 * {@code metadata/} beside the files that {@code job.table.write} wrote.
 *
 * <p>It owns the snapshots: which chunks' files are in them, and that no chunk gets there twice. It writes and reads no data. Iceberg is an
 * optional dependency, so that no other room names its classes; {@link io.sightline.job.table.iceberg.IcebergLibrary} tells whether it is there.
 */
@NullMarked
package io.sightline.job.table.iceberg;

import org.jspecify.annotations.NullMarked;
