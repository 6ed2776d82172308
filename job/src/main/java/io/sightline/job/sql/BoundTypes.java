package io.sightline.job.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Matches given arguments to parameters, for {@code bind}. */
final class BoundTypes {
    private BoundTypes() {}

    /**
     * The type that each argument is to be cast to.
     *
     * @throws UnsupportedOperationException for a wrong number of arguments or a type that cannot be cast; Spark shows the message
     */
    static List<DataType> of(String function, List<ParameterType> parameters, StructType arguments) {
        if (arguments.size() != parameters.size()) {
            throw new UnsupportedOperationException(
                    "%s takes %d arguments, but %d are given".formatted(function, parameters.size(), arguments.size()));
        }
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            types.add(
                    parameters.get(i).castTo(function, i + 1, arguments.apply(i).dataType()));
        }
        return types;
    }
}
