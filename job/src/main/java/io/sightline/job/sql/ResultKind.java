package io.sightline.job.sql;

import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;

/** What a scalar function gives. */
enum ResultKind {
    /** A double. */
    NUMBER,
    /** {@code array<double>} when an argument is one, else {@code array<float>}: SQL's usual promotion. */
    VECTOR,
    /** {@code array<int>}. */
    INDICES;

    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);
    private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, false);
    private static final DataType INTS = DataTypes.createArrayType(DataTypes.IntegerType, false);

    DataType type(List<DataType> arguments) {
        return switch (this) {
            case NUMBER -> DataTypes.DoubleType;
            case INDICES -> INTS;
            case VECTOR -> arguments.stream().anyMatch(ResultKind::isDoubles) ? DOUBLES : FLOATS;
        };
    }

    /** The method of {@link Vectors} that brings a kernel's result into Spark's form; none for a number. */
    static String writerFor(DataType result) {
        if (result instanceof ArrayType array) {
            return isDoubles(array) ? "toDoubles" : array.sameType(INTS) ? "toInts" : "toFloats";
        }
        return "";
    }

    /** The same by value: what a kernel gave ({@code Double}, {@code double[]} or {@code int[]}) as a value of type {@code result}. */
    static Object write(DataType result, Object value) {
        if (value instanceof int[] indices) {
            return Vectors.toInts(indices);
        }
        if (value instanceof double[] vector) {
            return isDoubles(result) ? Vectors.toDoubles(vector) : Vectors.toFloats(vector);
        }
        return value;
    }

    private static boolean isDoubles(DataType type) {
        return type instanceof ArrayType array && array.elementType() instanceof DoubleType;
    }
}
