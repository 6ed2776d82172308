package io.sightline.job.sql;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TypeCollection;

/** What a function takes in one place. Exact types pass as they are; arrays of other numbers are cast to {@code array<double>}. */
enum ParameterType {
    /** {@code array<float>}, {@code array<double>} or float16 {@code binary}. */
    VECTOR(new TypeCollection(ScalaLists.scala(List.of(
            DataTypes.createArrayType(DataTypes.DoubleType),
            DataTypes.createArrayType(DataTypes.FloatType),
            new BinaryOnly())))),
    /** Float16 {@code binary} alone. */
    FLOAT16(new BinaryOnly()),
    /** A double. */
    NUMBER(DataTypes.DoubleType),
    /** An int. */
    INTEGER(DataTypes.IntegerType);

    private final AbstractDataType accepted;

    ParameterType(AbstractDataType accepted) {
        this.accepted = accepted;
    }

    AbstractDataType accepted() {
        return accepted;
    }

    boolean isVector() {
        return this == VECTOR || this == FLOAT16;
    }

    /**
     * The type an argument is cast to, for Spark's public function API, which wants one.
     *
     * @throws UnsupportedOperationException when no cast leads there; Spark shows the message
     */
    DataType castTo(String function, int argument, DataType given) {
        if (accepted.acceptsType(given)) {
            return given;
        }
        boolean numbers = given instanceof ArrayType array
                && (array.elementType() instanceof NumericType || array.elementType() instanceof NullType);
        if (DataTypes.NullType.sameType(given) || (this == VECTOR && numbers)) {
            return accepted.defaultConcreteType();
        }
        if (!isVector() && given instanceof NumericType) {
            return accepted.defaultConcreteType();
        }
        throw new UnsupportedOperationException("%s: argument %d must be %s, but is %s"
                .formatted(function, argument, accepted.simpleString(), given.simpleString()));
    }

    /**
     * The types that all arguments of a call are cast to.
     *
     * @throws UnsupportedOperationException for a wrong number of arguments or a type that cannot be cast; Spark shows the message
     */
    static List<DataType> castAll(String function, List<ParameterType> parameters, StructType arguments) {
        if (arguments.size() != parameters.size()) {
            throw new UnsupportedOperationException(
                    "%s takes %d arguments, but %d are given".formatted(function, parameters.size(), arguments.size()));
        }
        return IntStream.range(0, parameters.size())
                .mapToObj(i -> parameters
                        .get(i)
                        .castTo(function, i + 1, arguments.apply(i).dataType()))
                .toList();
    }
}
