package io.sightline.job.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** A {@link VectorFunction} of the catalog, called a row at a time with Spark's internal values. */
record CatalogScalar(VectorFunction function, List<DataType> types) implements ScalarFunction<Object> {
    @Override
    public DataType[] inputTypes() {
        return types.toArray(DataType[]::new);
    }

    @Override
    public DataType resultType() {
        return function.result().type(types);
    }

    @Override
    public @Nullable Object produceResult(InternalRow row) {
        Object[] values = new Object[types.size()];
        for (int i = 0; i < values.length; i++) {
            if (row.isNullAt(i)) {
                return null;
            }
            Object value = row.get(i, types.get(i));
            values[i] = function.parameters().get(i).isVector()
                    ? Vectors.read(function.sqlName(), i + 1, types.get(i), value)
                    : value;
        }
        return ResultKind.write(resultType(), function.apply(values));
    }

    @Override
    public String name() {
        return function.sqlName();
    }

    /** The same function for the same types; Spark compares calls by this. */
    @Override
    public String canonicalName() {
        return "sightline.vectors." + function.sqlName() + types;
    }
}
