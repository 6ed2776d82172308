package io.sightline.job.sql;

import java.util.function.Function;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.StructType;

/** A function of the catalog before Spark knows its arguments' types. */
record UnboundVectorFunction(String name, FunctionDoc doc, Function<StructType, BoundFunction> binding)
        implements UnboundFunction {
    @Override
    public BoundFunction bind(StructType arguments) {
        return binding.apply(arguments);
    }

    @Override
    public String description() {
        return doc.usage().replace("_FUNC_", name);
    }
}
