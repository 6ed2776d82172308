package io.sightline.job.table.write;

import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Smallest and largest of many floats. A page must state them: parquet-java's column index calls a page without them a page of nulls. NaN
 * is carried on, upon which parquet-java, as for every column, leaves the index out and readers ignore the range.
 */
final class FloatRange {
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;
    private boolean any;

    void include(float[] values, int count) {
        float low = min;
        float high = max;
        for (int i = 0; i < count; i++) { // the shape HotSpot turns into vector instructions
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        min = low;
        max = high;
        any |= count > 0;
    }

    Statistics<?> statistics(PrimitiveType element) {
        FloatStatistics statistics = (FloatStatistics) Statistics.createStats(element);
        if (any) {
            statistics.setMinMax(min, max);
        }
        return statistics;
    }
}
