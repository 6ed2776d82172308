/** How good a probe is: metrics of scores on held-out rows and their bootstrap intervals. Plain arithmetic; it knows nothing of fitting. */
@NullMarked
package io.sightline.job.probe.measure;

import org.jspecify.annotations.NullMarked;
