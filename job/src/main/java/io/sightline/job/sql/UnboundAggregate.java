package io.sightline.job.sql;

import java.util.List;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.StructType;

/** A {@link VectorStatistic} before Spark knows its argument's type. */
record UnboundAggregate(VectorStatistic statistic) implements UnboundFunction {
    @Override
    public BoundFunction bind(StructType arguments) {
        return new CatalogAggregate(
                statistic,
                BoundTypes.of(statistic.sqlName(), List.of(ParameterType.VECTOR), arguments)
                        .get(0));
    }

    @Override
    public String description() {
        return statistic.doc().usage().replace("_FUNC_", statistic.sqlName());
    }

    @Override
    public String name() {
        return statistic.sqlName();
    }
}
