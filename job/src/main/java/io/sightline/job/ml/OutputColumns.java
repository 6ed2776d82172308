package io.sightline.job.ml;

import io.sightline.job.extract.VectorRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The columns of vectors: their names, their type, and a prompt's rows as their values. */
final class OutputColumns {
    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

    /** What one place's rows become. */
    enum Shape {
        /** One vector, {@code array<float>}. */
        ARRAY(FLOATS),
        /** One vector, Spark ML's. */
        VECTOR(SQLDataTypes.VectorType()),
        /** One vector a token, {@code array<array<float>>}. */
        ARRAYS(DataTypes.createArrayType(FLOATS, false));

        private final DataType type;

        Shape(DataType type) {
            this.type = type;
        }

        /** @param rows {@code [rows][width]} */
        @Nullable
        Object value(float[][] rows) {
            return switch (this) {
                case ARRAYS -> rows;
                case ARRAY -> rows.length == 0 ? null : rows[0];
                case VECTOR -> rows.length == 0 ? null : Vectors.dense(doubles(rows[0]));
            };
        }

        private static double[] doubles(float[] floats) {
            double[] doubles = new double[floats.length];
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] = floats[i];
            }
            return doubles;
        }
    }

    private OutputColumns() {}

    /**
     * A name for each place, in order: the capture's own where its pattern matches one module, else with what the wildcards stand for.
     *
     * @param patterns of the captures
     * @param columns of the captures
     */
    static List<String> names(String[] patterns, String[] columns, List<VectorRequest.Place> places) {
        List<String> names = new ArrayList<>();
        for (VectorRequest.Place place : places) {
            long matches = places.stream()
                    .filter(other -> other.capture() == place.capture())
                    .count();
            String column = columns[place.capture()];
            names.add(matches == 1 ? column : column + suffix(patterns[place.capture()], place.module()));
        }
        return names;
    }

    private static String suffix(String pattern, String module) {
        String[] wanted = (pattern.startsWith(".") ? pattern.substring(1) : pattern).split("\\.", -1);
        String[] found = module.split("\\.", -1);
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < found.length; i++) {
            if (!found[i].equals(wanted[i])) {
                suffix.append('_').append(found[i]);
            }
        }
        return suffix.toString();
    }

    /** @throws IllegalArgumentException if {@code input} has a column of such a name already */
    static StructType appended(StructType input, List<String> names, Shape shape, @Nullable String errorCol) {
        StructType all = input;
        for (String name : names) {
            all = appended(all, name, shape.type);
        }
        return errorCol == null ? all : appended(all, errorCol, DataTypes.StringType);
    }

    private static StructType appended(StructType input, String name, DataType type) {
        if (List.of(input.fieldNames()).contains(name)) {
            throw new IllegalArgumentException(
                    "Output column " + name + " already exists; choose another outputCol or errorCol, or drop it"
                            + " from the input (columns: " + String.join(", ", input.fieldNames()) + ")");
        }
        return input.add(name, type, true);
    }
}
