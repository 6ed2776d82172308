/**
 * SQL functions on vectors. Owns what {@code dot(vector, w)} means: {@link io.sightline.job.sql.VectorKernels} and
 * {@link io.sightline.job.sql.Accumulation} hold the arithmetic (float64, primitive arrays), {@link io.sightline.job.sql.VectorFunction}
 * and {@link io.sightline.job.sql.VectorStatistic} list the functions with their SQL names, types and documentation. Two doors lead to
 * the same functions: {@link io.sightline.job.sql.SightlineExtensions} ({@code spark.sql.extensions}: Catalyst expressions with generated
 * code) and {@link io.sightline.job.sql.VectorCatalog} ({@code spark.sql.catalog.*}: the public function-catalog API).
 *
 * <p>Does not own run directories, result formats or the command; those are in {@code job.sql.query} and {@code job.cli}.
 */
@NullMarked
package io.sightline.job.sql;

import org.jspecify.annotations.NullMarked;
