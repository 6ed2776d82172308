/**
 * Prompts: from any Spark source to tokenised, batched rows of a chunk. Ids, the chunk plan, what makes a row bad.
 *
 * <p>It runs no model and writes no table: {@code job.run} drives it.
 */
@NullMarked
package io.sightline.job.input;

import org.jspecify.annotations.NullMarked;
