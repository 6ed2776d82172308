/**
 * How files come into being on any Hadoop file system: a small file that is whole or absent, a directory whose contents are replaced as a
 * whole, and the claim that keeps two processes out of one directory.
 *
 * <p>It knows nothing of runs, tables or probes, which all use it.
 */
@NullMarked
package io.sightline.job.table.files;

import org.jspecify.annotations.NullMarked;
