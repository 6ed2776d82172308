/**
 * One self-contained HTML page about a run: what ran, and figures that are each the answer to a SQL query over the run's tables.
 *
 * <p>It asks the views that {@code sql} registers and reads nothing else but the manifest; it computes no number of its own. The page
 * draws with Apache ECharts (Apache-2.0), inlined.
 */
@NullMarked
package io.sightline.job.report;

import org.jspecify.annotations.NullMarked;
