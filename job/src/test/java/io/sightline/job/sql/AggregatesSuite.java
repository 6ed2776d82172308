package io.sightline.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;
import scala.collection.Seq;

/** The aggregates against two-pass float64 references, over several files and partitions. */
public class AggregatesSuite extends JUnitSuite {
    private static final int ROWS = 600;
    private static final int GROUPS = 200; // more than ObjectHashAggregate holds before it falls back to sorting

    private static LocalSpark spark;
    private static final List<float[]> vectors = new ArrayList<>();

    /** Far from zero (mean 1e6, deviation 1), where textbook sums of squares lose every digit. */
    @BeforeAll
    static void writeVectorsAsATable() {
        spark = LocalSpark.start();
        Random random = new Random(11);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            float[] vector = Adversaries.gaussian(random, 5, 1);
            for (int j = 0; j < vector.length; j++) {
                vector[j] += (float) (j == 0 ? 1e6 : j);
            }
            vectors.add(vector);
            rows.add(RowFactory.create(i, i % GROUPS, vector, Adversaries.halves(vector)));
        }
        rows.add(RowFactory.create(ROWS, 0, null, null));
        StructType schema = new StructType()
                .add("id", "int")
                .add("g", "int")
                .add("v", "array<float>")
                .add("h", "binary");
        String path = spark.directory().resolve("vectors").toString();
        session().createDataFrame(rows, schema).repartition(4).write().parquet(path);
        session().read().parquet(path).createOrReplaceTempView("vectors");
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void meanSumVarianceAndCovarianceEqualTheReference() {
        eachWay(() -> {
            Row row = row("SELECT vector_mean(v), vector_sum(v), vector_variance(v), vector_covariance_diagonal(v),"
                    + " vector_covariance(v) FROM vectors");
            double[][] covariance = covariance(vectors);
            close("mean", row.getList(0), means(vectors));
            close(
                    "sum",
                    row.getList(1),
                    IntStream.range(0, 5)
                            .mapToDouble(i -> means(vectors)[i] * ROWS)
                            .toArray());
            close(
                    "variance",
                    row.getList(2),
                    IntStream.range(0, 5).mapToDouble(i -> covariance[i][i]).toArray());
            assertThat(row.getList(3)).isEqualTo(row.getList(2));
            assertMatrix(row, 4, covariance);
        });
    }

    @Test
    void everyGroupHasItsOwnResult() {
        eachWay(() -> {
            List<Row> rows = session()
                    .sql("SELECT g, vector_mean(v), vector_covariance(v) FROM vectors GROUP BY g ORDER BY g")
                    .collectAsList();
            assertThat(rows).hasSize(GROUPS);
            for (Row row : rows) {
                List<float[]> group = IntStream.range(0, ROWS)
                        .filter(i -> i % GROUPS == row.getInt(0))
                        .mapToObj(vectors::get)
                        .toList();
                close("mean of group " + row.get(0), row.getList(1), means(group));
                assertMatrix(row, 2, covariance(group));
            }
        });
    }

    @Test
    void theFloat16ColumnAggregatesAsItsDecodedValues() {
        assertThat(row("SELECT vector_mean(h) = vector_mean(f16_decode(h)),"
                        + " vector_variance(h) = vector_variance(f16_decode(h)) FROM vectors WHERE id < 50"))
                .isEqualTo(RowFactory.create(true, true));
    }

    @Test
    void noVectorGivesNullAndOneVectorHasNoVariance() {
        assertThat(
                        row(
                                "SELECT vector_mean(v), vector_sum(v), vector_variance(v), vector_covariance(v) FROM vectors WHERE id = 600"))
                .isEqualTo(RowFactory.create(null, null, null, null));
        assertThat(row("SELECT vector_variance(v), vector_covariance(v), vector_mean(v) = transform(v, x -> double(x))"
                        + " FROM vectors WHERE id = 3 GROUP BY v"))
                .isEqualTo(RowFactory.create(null, null, true));
    }

    @Test
    void nanAndInfinityStayInTheirElement() {
        Row row = row("SELECT vector_mean(v), vector_sum(v), vector_variance(v), vector_covariance(v) FROM VALUES"
                + " (array(1D, double('NaN'), double('Infinity'))), (array(3D, 1D, 1D)), (array(5D, 2D, 2D)) AS t(v)");
        assertThat(row.getList(0)).isEqualTo(List.of(3.0, Double.NaN, Double.POSITIVE_INFINITY));
        assertThat(row.getList(1)).isEqualTo(List.of(9.0, Double.NaN, Double.POSITIVE_INFINITY));
        assertThat(row.getList(2)).isEqualTo(List.of(4.0, Double.NaN, Double.NaN));
        assertThat(rows(row, 3).get(0)).isEqualTo(List.of(4.0, Double.NaN, Double.NaN));
    }

    @Test
    void infinitiesOfOppositeSignsSumToNan() {
        assertThat(
                        row("SELECT vector_sum(v) FROM VALUES (array(double('Infinity'))), (array(double('-Infinity'))) AS t(v)")
                                .getList(0))
                .isEqualTo(List.of(Double.NaN));
    }

    @Test
    void valuesBeyondFloatsRangeNeitherOverflowNorVanish() {
        Row row = row("SELECT vector_sum(v), vector_variance(v) FROM VALUES"
                + " (array(float('3e38'), float('1e-30'))), (array(float('3e38'), float('3e-30'))),"
                + " (array(float('1e38'), float('2e-30'))) AS t(v)");
        close("sum", row.getList(0), 7e38, 6e-30);
        close("variance", row.getList(1), 4.0 / 3 * 1e76, 1e-60);
    }

    @Test
    void emptyAndOneWideAndVeryWideVectorsAggregate() {
        assertThat(row("SELECT vector_mean(v), vector_covariance(v) FROM VALUES (array()), (array()) AS t(v)"))
                .isEqualTo(row("SELECT array(), array()"));
        assertThat(row("SELECT vector_covariance(v) FROM VALUES (array(1)), (array(2)) AS t(v)"))
                .isEqualTo(row("SELECT array(array(0.5D))"));
        Row wide = row(
                "SELECT vector_mean(v), vector_variance(v) FROM (SELECT transform(sequence(0, 16383), i -> float(i * k)) v"
                        + " FROM VALUES 1, 2, 3 AS t(k))");
        assertThat(wide.<Double>getList(0)).hasSize(16_384);
        assertThat(wide.<Double>getList(0).get(16_383)).isEqualTo(2.0 * 16_383);
        assertThat(wide.<Double>getList(1).get(16_383)).isEqualTo(16_383.0 * 16_383);
    }

    @Test
    void aMatrixTooWideIsRefusedNamingTheDiagonal() {
        assertFails(
                "SELECT vector_covariance(transform(sequence(1, 16384), i -> float(i)))",
                "vector_covariance: vectors of 16384 elements would need a matrix of 268435456 numbers;"
                        + " at most 4096 elements are taken. vector_covariance_diagonal gives its diagonal");
    }

    @Test
    void unequalLengthsAreAnErrorInOnePartitionAndAcross() {
        for (String function : List.of(
                "vector_mean", "vector_sum", "vector_variance", "vector_covariance", "vector_covariance_diagonal")) {
            for (int partitions : new int[] {1, 2}) {
                assertFails(
                        "SELECT %s(v) FROM (SELECT /*+ REPARTITION(%d) */ * FROM VALUES (array(1, 2)), (array(1, 2, 3)) AS t(v))"
                                .formatted(function, partitions),
                        function + ": vectors of ");
            }
        }
    }

    @Test
    void aNullElementIsAnError() {
        assertThatThrownBy(() -> row("SELECT vector_mean('abcd')"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContainingAll("vector_mean", "argument 1 must be", "but is string");
        assertFails("SELECT vector_mean(array(1.0, null))", "vector_mean: element 1 (from 0) of argument 1 is null");
    }

    @Test
    void theMeanRunsOverAWindow() {
        List<Row> rows = session()
                .sql("SELECT id, vector_mean(v) OVER (ORDER BY id), vector_variance(v) OVER (ORDER BY id) FROM vectors"
                        + " WHERE id < 10 ORDER BY id")
                .collectAsList();
        for (int i = 0; i < 10; i++) {
            List<float[]> soFar = vectors.subList(0, i + 1);
            close("mean of the first " + (i + 1), rows.get(i).getList(1), means(soFar));
            assertThat(rows.get(i).isNullAt(2)).isEqualTo(i == 0);
        }
    }

    @Test
    void filterDistinctAndHavingWorkAsForAnyAggregate() {
        assertThat(
                        row(
                                "SELECT vector_sum(DISTINCT v), vector_sum(v) FILTER (WHERE k > 1) FROM VALUES"
                                        + " (1, array(1.0)), (2, array(1.0)), (3, array(2.0)) AS t(k, v) HAVING l2_norm(vector_sum(v)) = 4"))
                .isEqualTo(row("SELECT array(3D), array(3D)"));
    }

    @Test
    void theCatalogsAggregatesGiveTheSameResults() {
        eachWay(() -> assertThat(row("SELECT bool_and(a = b AND c = d AND e = f) FROM (SELECT g,"
                        + " vector_mean(v) a, sightline.vectors.vector_mean(v) b,"
                        + " vector_variance(h) c, sightline.vectors.vector_variance(h) d,"
                        + " vector_covariance(v) e, sightline.vectors.vector_covariance(v) f FROM vectors GROUP BY g)"))
                .isEqualTo(RowFactory.create(true)));
    }

    @Test
    void aggregatesComposeWithTheScalarFunctions() {
        double[] mean = means(vectors);
        Row row =
                row("SELECT sum(l2_distance(v, m)) FROM vectors CROSS JOIN (SELECT vector_mean(v) AS m FROM vectors)");
        double expected = 0;
        for (float[] vector : vectors) {
            double squares = 0;
            for (int i = 0; i < vector.length; i++) {
                squares += (vector[i] - mean[i]) * (vector[i] - mean[i]);
            }
            expected += Math.sqrt(squares);
        }
        ScalarFunctionsSuite.assertClose("distances", row.get(0), expected);
    }

    private static double[] means(List<float[]> group) {
        int width = group.get(0).length;
        return IntStream.range(0, width)
                .mapToDouble(i -> group.stream().mapToDouble(v -> v[i]).sum() / group.size())
                .toArray();
    }

    /** The second of two passes. */
    private static double[][] covariance(List<float[]> group) {
        double[] means = means(group);
        double[][] covariance = new double[means.length][means.length];
        for (int i = 0; i < means.length; i++) {
            for (int j = 0; j < means.length; j++) {
                for (float[] vector : group) {
                    covariance[i][j] += (vector[i] - means[i]) * (vector[j] - means[j]) / (group.size() - 1);
                }
            }
        }
        return covariance;
    }

    private static void assertMatrix(Row row, int column, double[][] expected) {
        List<List<Double>> matrix = rows(row, column);
        assertThat(matrix).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected.length; j++) {
                double scale = Math.sqrt(expected[i][i] * expected[j][j]);
                assertThat(matrix.get(i).get(j))
                        .as("covariance %d, %d", i, j)
                        .isCloseTo(expected[i][j], Offset.offset(scale * 1e-9));
            }
        }
    }

    private static List<List<Double>> rows(Row row, int column) {
        return row.<Seq<Double>>getList(column).stream().map(ScalaLists::java).toList();
    }

    private static void close(String what, List<Object> actual, double... expected) {
        ScalarFunctionsSuite.assertClose(
                what,
                actual,
                IntStream.range(0, expected.length).mapToObj(i -> expected[i]).toList());
    }

    private static void eachWay(Runnable check) {
        for (Execution execution : Execution.values()) {
            execution.run(session(), check);
        }
    }

    private static void assertFails(String query, String message) {
        assertThatThrownBy(() -> session().sql(query).collectAsList())
                .hasStackTraceContaining("IllegalArgumentException: " + message);
    }

    private static Row row(String query) {
        return session().sql(query).collectAsList().get(0);
    }

    private static SparkSession session() {
        return spark.session();
    }
}
