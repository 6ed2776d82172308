package io.sightline.job.sql;

import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Binary, but nothing that Spark would cast to it: a string is not a float16 vector. */
final class BinaryOnly extends AbstractDataType {
    @Override
    public DataType defaultConcreteType() {
        return DataTypes.BinaryType;
    }

    @Override
    public boolean acceptsType(DataType other) {
        return other instanceof BinaryType;
    }

    @Override
    public String simpleString() {
        return "binary";
    }
}
