/**
 * The contract of a run directory: its four tables and their columns, where each file lies, the manifest and the commit records.
 *
 * <p>It writes no table: {@code job.table.write} does, and {@code job.sql}, {@code job.probe} and {@code job.report} read by what is
 * said here.
 */
@NullMarked
package io.sightline.job.table;

import org.jspecify.annotations.NullMarked;
