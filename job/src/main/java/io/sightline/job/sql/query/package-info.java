/**
 * Asking a run directory: {@link io.sightline.job.sql.query.ReadableRun} says which tables lie there,
 * {@link io.sightline.job.sql.query.RunViews} gives them names in Spark, {@link io.sightline.job.sql.query.SqlSession} is a Spark session
 * with both, {@link io.sightline.job.sql.query.SqlScript} cuts text into statements, and {@link io.sightline.job.sql.query.ResultFormat}
 * writes a result. Errors become one message in {@link io.sightline.job.sql.query.SqlFailure}.
 *
 * <p>Does not own the functions ({@code job.sql}), the tables' columns ({@code job.table}), nor the terminal ({@code job.cli}).
 */
@NullMarked
package io.sightline.job.sql.query;

import org.jspecify.annotations.NullMarked;
