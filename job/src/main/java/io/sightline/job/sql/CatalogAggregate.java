package io.sightline.job.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** A {@link VectorStatistic} of the catalog. */
record CatalogAggregate(VectorStatistic statistic, DataType type) implements AggregateFunction<double[], Object> {
    @Override
    public DataType[] inputTypes() {
        return new DataType[] {type};
    }

    @Override
    public DataType resultType() {
        return statistic.type();
    }

    @Override
    public double[] newAggregationState() {
        return Accumulation.NOTHING;
    }

    @Override
    public double[] update(double[] state, InternalRow row) {
        return statistic.update(state, type, row.isNullAt(0) ? null : row.get(0, type));
    }

    @Override
    public double[] merge(double[] left, double[] right) {
        return statistic.merge(left, right);
    }

    @Override
    public @Nullable Object produceResult(double[] state) {
        return statistic.result(state);
    }

    @Override
    public String name() {
        return statistic.sqlName();
    }

    /** The same function for the same type; Spark compares calls by this. */
    @Override
    public String canonicalName() {
        return "sightline.vectors." + statistic.sqlName() + "[" + type + "]";
    }
}
