package io.sightline.job.sql;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates: SQL name, what they accumulate, and the result of a state. As in SQL, null vectors are skipped and no vector at all gives
 * null; as in Spark's {@code variance} and {@code covar_samp}, (co)variances divide by n − 1, and one vector alone gives null.
 */
enum VectorStatistic {
    MEAN(
            "vector_mean",
            Accumulation.SUM,
            new FunctionDoc(
                    "_FUNC_(vector) - Returns the mean of a group's vectors, element by element, as array<double>.",
                    FunctionDoc.ONE_VECTOR,
                    """
                    > SELECT _FUNC_(v) FROM VALUES (array(1.0, 2.0)), (array(3.0, 6.0)) AS t(v);
                     [2.0,4.0]
                    """)),
    SUM(
            "vector_sum",
            Accumulation.SUM,
            new FunctionDoc(
                    "_FUNC_(vector) - Returns the sum of a group's vectors, element by element, as array<double>.",
                    FunctionDoc.ONE_VECTOR,
                    """
                    > SELECT _FUNC_(v) FROM VALUES (array(1.0, 2.0)), (array(3.0, 6.0)) AS t(v);
                     [4.0,8.0]
                    """)),
    VARIANCE(
            "vector_variance",
            Accumulation.VARIANCE,
            new FunctionDoc(
                    "_FUNC_(vector) - Returns the sample variance (divided by n - 1) of each element over a group, as array<double>.",
                    FunctionDoc.ONE_VECTOR,
                    """
                    > SELECT _FUNC_(v) FROM VALUES (array(1.0, 2.0)), (array(3.0, 6.0)) AS t(v);
                     [2.0,8.0]
                    """)),
    COVARIANCE(
            "vector_covariance",
            Accumulation.COVARIANCE,
            new FunctionDoc(
                    "_FUNC_(vector) - Returns the sample covariance matrix (divided by n - 1) of a group's vectors, as"
                            + " array<array<double>>, for vectors of at most 4096 elements.",
                    FunctionDoc.ONE_VECTOR,
                    """
                    > SELECT _FUNC_(v) FROM VALUES (array(1.0, 2.0)), (array(3.0, 6.0)) AS t(v);
                     [[2.0,4.0],[4.0,8.0]]
                    """)),
    COVARIANCE_DIAGONAL(
            "vector_covariance_diagonal",
            Accumulation.VARIANCE,
            new FunctionDoc(
                    "_FUNC_(vector) - Returns the diagonal of the sample covariance matrix, for vectors of any width: the same"
                            + " as vector_variance.",
                    FunctionDoc.ONE_VECTOR,
                    """
                    > SELECT _FUNC_(v) FROM VALUES (array(1.0, 2.0)), (array(3.0, 6.0)) AS t(v);
                     [2.0,8.0]
                    """));

    private static final DataType VECTOR = DataTypes.createArrayType(DataTypes.DoubleType, false);
    private static final DataType MATRIX = DataTypes.createArrayType(VECTOR, false);

    private final String sqlName;
    private final Accumulation accumulation;
    private final FunctionDoc doc;

    VectorStatistic(String sqlName, Accumulation accumulation, FunctionDoc doc) {
        this.sqlName = sqlName;
        this.accumulation = accumulation;
        this.doc = doc;
    }

    String sqlName() {
        return sqlName;
    }

    FunctionDoc doc() {
        return doc;
    }

    UnboundVectorFunction unbound() {
        return new UnboundVectorFunction(sqlName, doc, this::bind);
    }

    CatalogAggregate bind(StructType arguments) {
        return new CatalogAggregate(
                this,
                ParameterType.castAll(sqlName, List.of(ParameterType.VECTOR), arguments)
                        .get(0));
    }

    DataType type() {
        return this == COVARIANCE ? MATRIX : VECTOR;
    }

    /** The state with one more value of type {@code type}; null is skipped. */
    double[] update(double[] state, DataType type, @Nullable Object value) {
        return value == null ? state : accumulation.add(sqlName, state, Vectors.read(sqlName, 1, type, value));
    }

    double[] merge(double[] state, double[] other) {
        return accumulation.merge(sqlName, state, other);
    }

    /** In Spark's form; leaves the state as it was, since a window asks again after more rows. */
    @Nullable
    ArrayData result(double[] state) {
        if (state.length == 0 || (accumulation != Accumulation.SUM && state[Accumulation.COUNT] < 2)) {
            return null;
        }
        double count = state[Accumulation.COUNT];
        int width = Accumulation.width(state);
        return switch (this) {
            case SUM -> cells(state, Accumulation.HEADER, width, 1);
            case MEAN -> cells(state, Accumulation.HEADER, width, count);
            case VARIANCE, COVARIANCE_DIAGONAL -> cells(state, Accumulation.HEADER + width, width, count - 1);
            case COVARIANCE -> matrix(state, width, count - 1);
        };
    }

    private static ArrayData cells(double[] state, int from, int width, double divisor) {
        double[] values = Arrays.copyOfRange(state, from, from + width);
        for (int i = 0; i < width; i++) {
            values[i] /= divisor;
        }
        return Vectors.toDoubles(values);
    }

    private static ArrayData matrix(double[] state, int width, double divisor) {
        Object[] rows = new Object[width];
        for (int i = 0; i < width; i++) {
            double[] row = new double[width];
            for (int j = 0; j < width; j++) {
                int above = Math.min(i, j);
                row[j] = state[Accumulation.triangleRow(width, above) + Math.max(i, j) - above] / divisor;
            }
            rows[i] = Vectors.toDoubles(row);
        }
        return new GenericArrayData(rows);
    }
}
