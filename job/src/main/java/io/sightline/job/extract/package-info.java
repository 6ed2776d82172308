/**
 * What leaves a batch of prompts: captures and saved values, the shapes they have, and the code that runs batches and splits those that
 * fail.
 *
 * <p>It knows no run: {@code job.run} feeds it chunks and commits what comes out, {@code job.ml} makes columns of it. Models come from
 * {@code job.model}.
 */
@NullMarked
package io.sightline.job.extract;

import org.jspecify.annotations.NullMarked;
