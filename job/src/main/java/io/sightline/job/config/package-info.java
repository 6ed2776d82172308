/**
 * The job file: YAML in, records out, parsed once and checked as far as that goes without a model or the prompts.
 *
 * <p>It opens no model and no prompts ({@code job.input} reads those, {@code job.run} runs the job).
 */
@NullMarked
package io.sightline.job.config;

import org.jspecify.annotations.NullMarked;
