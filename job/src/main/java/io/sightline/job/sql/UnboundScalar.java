package io.sightline.job.sql;

import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.StructType;

/** A {@link VectorFunction} before Spark knows its arguments' types. */
record UnboundScalar(VectorFunction function) implements UnboundFunction {
    @Override
    public BoundFunction bind(StructType arguments) {
        return new CatalogScalar(function, BoundTypes.of(function.sqlName(), function.parameters(), arguments));
    }

    @Override
    public String description() {
        return function.doc().usage().replace("_FUNC_", function.sqlName());
    }

    @Override
    public String name() {
        return function.sqlName();
    }
}
