/** The command line: the only place that prints, exits, and knows every other room of the job module. */
@NullMarked
package io.sightline.job.cli;

import org.jspecify.annotations.NullMarked;
