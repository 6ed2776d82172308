/**
 * Fits linear probes on the PyTorch engine: what is minimised, how, and how a fit is expressed in the raw activation space. Rows may lie in
 * one block or be spread over many; the solvers see only sums over blocks. It knows nothing of Spark, tables or metrics ({@code measure}).
 */
@NullMarked
package io.sightline.job.probe.fit;

import org.jspecify.annotations.NullMarked;
