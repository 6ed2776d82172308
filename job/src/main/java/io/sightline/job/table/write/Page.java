package io.sightline.job.table.write;

import org.apache.parquet.column.statistics.Statistics;

/**
 * A data page before compression.
 *
 * @param buffer levels and values, reused for the next page
 * @param length bytes of it that are the page
 * @param values level entries
 * @param rows rows
 * @param statistics smallest and largest value
 */
record Page(byte[] buffer, int length, int values, int rows, Statistics<?> statistics) {}
