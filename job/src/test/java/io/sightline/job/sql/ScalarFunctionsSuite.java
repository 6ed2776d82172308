package io.sightline.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.numeric.Float16;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** The scalar functions against plain float64 loops, over a Parquet scan, in every way Spark can run them. */
public class ScalarFunctionsSuite extends JUnitSuite {
    private static LocalSpark spark;
    private static List<float[][]> pairs;

    @BeforeAll
    static void writeThePairsAsATable() {
        spark = LocalSpark.start();
        pairs = Adversaries.pairs();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            float[] a = pairs.get(i)[0];
            float[] b = pairs.get(i)[1];
            rows.add(RowFactory.create(i, a, b, doubles(b), Adversaries.halves(a)));
        }
        rows.add(RowFactory.create(-1, null, new float[] {1}, new double[] {1}, null));
        StructType schema = new StructType()
                .add("id", "int")
                .add("a", "array<float>")
                .add("b", "array<float>")
                .add("d", "array<double>")
                .add("h", "binary");
        String path = spark.directory().resolve("pairs").toString();
        session().createDataFrame(rows, schema).repartition(2).write().parquet(path);
        session().read().parquet(path).createOrReplaceTempView("pairs");
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void dotEqualsTheReference() {
        everyPair("dot(a, b)", (a, b) -> dot(a, b));
    }

    @Test
    void dotOfFloatsWithDoublesEqualsTheReference() {
        everyPair("dot(a, d)", (a, b) -> dot(a, b));
    }

    @Test
    void dotTakesTheFloat16Column() {
        everyPair("dot(h, b)", (a, b) -> dot(Float16.toDoubles(Adversaries.halves(floats(a))), b));
    }

    @Test
    void cosineSimilarityEqualsTheReference() {
        everyPair("cosine_similarity(a, b)", (a, b) -> dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))));
    }

    @Test
    void l2NormEqualsTheReference() {
        everyPair("l2_norm(a)", (a, b) -> Math.sqrt(dot(a, a)));
    }

    @Test
    void l2DistanceEqualsTheReference() {
        everyPair("l2_distance(a, b)", (a, b) -> {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            }
            return Math.sqrt(sum);
        });
    }

    @Test
    void vectorAddGivesFloatsForFloats() {
        everyPair("vector_add(a, b)", (a, b) -> rounded(a.length, i -> a[i] + b[i]));
    }

    @Test
    void vectorSubGivesDoublesWhereOneVectorIsOfDoubles() {
        everyPair("vector_sub(a, d)", (a, b) -> boxed(a.length, i -> a[i] - b[i]));
    }

    @Test
    void vectorScaleTimesEveryElement() {
        everyPair("vector_scale(a, 0.5)", (a, b) -> rounded(a.length, i -> a[i] * 0.5));
    }

    @Test
    void vectorSliceTakesFromTheEndToo() {
        everyPair("vector_slice(b, -(size(b) div 2), size(b) div 2)", (a, b) -> {
            int half = b.length / 2;
            return half == 0 ? List.of() : rounded(half, i -> b[b.length - half + i]);
        });
    }

    @Test
    void topKIndicesEqualsAStableSort() {
        everyPair(
                "top_k_indices(a, 7)",
                (a, b) -> IntStream.range(0, a.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> Double.isNaN(a[i]) ? Double.NaN : a[i] + 0.0)
                                .reversed()
                                .thenComparing(Comparator.naturalOrder()))
                        .limit(7)
                        .toList());
    }

    @Test
    void f16DecodeGivesTheFloatOfEachHalf() {
        everyPair("f16_decode(h)", (a, b) -> {
            double[] decoded = Float16.toDoubles(Adversaries.halves(floats(a)));
            return rounded(decoded.length, i -> decoded[i]);
        });
    }

    @Test
    void aNullVectorGivesNull() {
        for (Execution execution : Execution.values()) {
            execution.run(
                    session(),
                    () -> assertThat(row("SELECT dot(a, b), dot(b, a), vector_add(a, b), f16_decode(h),"
                                    + " top_k_indices(b, null), dot(null, b), dot(b, null) FROM pairs WHERE id = -1"))
                            .isEqualTo(RowFactory.create(null, null, null, null, null, null, null)));
        }
    }

    @Test
    void unequalLengthsAreAnErrorThatNamesTheFunctionAndBothLengths() {
        for (String function : List.of("dot", "cosine_similarity", "l2_distance", "vector_add", "vector_sub")) {
            eachWay(() -> assertFails(
                    "SELECT %s(a, array(1.0, 2.0)) FROM pairs WHERE id = 8".formatted(function),
                    function + ": the vectors have 768 and 2 elements, but must be equally long"));
        }
    }

    @Test
    void aNullElementIsAnErrorThatNamesFunctionArgumentAndPlace() {
        eachWay(() -> assertFails(
                "SELECT dot(b, transform(b, (x, i) -> IF(i = 700, null, x))) FROM pairs WHERE id = 8",
                "dot: element 700 (from 0) of argument 2 is null"));
        assertFails("SELECT l2_norm(array(1.0, null))", "l2_norm: element 1 (from 0) of argument 1 is null");
    }

    @Test
    void aSliceOutsideTheVectorIsAnError() {
        assertFails(
                "SELECT vector_slice(array(1.0, 2.0), 1, 2)",
                "vector_slice: start 1 and length 2 do not lie within a vector of 2 elements");
        assertFails("SELECT vector_slice(array(1.0, 2.0), -3, 1)", "start -3 and length 1");
        assertFails("SELECT vector_slice(array(1.0, 2.0), 0, -1)", "start 0 and length -1");
        assertFails("SELECT vector_slice(array(1.0, 2.0), 1, 2147483647)", "start 1 and length 2147483647");
    }

    @Test
    void topKIndicesTakesEveryIndexOfAShortVectorAndRefusesANegativeK() {
        assertThat(row("SELECT top_k_indices(array(1.0, 3.0, 2.0), 9)").getList(0))
                .isEqualTo(List.of(1, 2, 0));
        assertThat(row("SELECT top_k_indices(array(1.0, 3.0, 2.0), 0)").getList(0))
                .isEmpty();
        assertFails("SELECT top_k_indices(array(1.0), -1)", "top_k_indices: k is -1, but must be 0 or more");
    }

    @Test
    void anOddNumberOfBytesIsNoFloat16Vector() {
        assertFails("SELECT f16_decode(X'003C00')", "f16_decode: argument 1 is a binary of 3 bytes");
    }

    @Test
    void aStringIsNotTakenForAVector() {
        assertFails("SELECT dot('abcd', b) FROM pairs", "DATATYPE_MISMATCH");
        assertFails("SELECT f16_decode('abcd')", "DATATYPE_MISMATCH");
        assertFails("SELECT sightline.vectors.dot('abcd', b) FROM pairs", "dot: argument 1 must be (array<double> or");
    }

    @Test
    void arraysOfOtherNumbersAreCast() {
        assertThat(row("SELECT dot(array(1, 2), array(3L, 4L)), dot(b, array(2.5)) FROM pairs WHERE id = -1"))
                .isEqualTo(RowFactory.create(11.0, 2.5));
        session().conf().set("spark.sql.ansi.enabled", true);
        try {
            assertThat(row("SELECT dot(array(1, 2), array(3L, 4L)), dot(b, array(2.5)) FROM pairs WHERE id = -1"))
                    .isEqualTo(RowFactory.create(11.0, 2.5));
        } finally {
            session().conf().unset("spark.sql.ansi.enabled");
        }
    }

    @Test
    void aWrongNumberOfArgumentsIsSparksOwnError() {
        assertFails("SELECT dot(array(1.0))", "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION]");
        assertFails("SELECT vector_mean(array(1.0), 2)", "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION]");
        assertFails("SELECT sightline.vectors.dot(array(1.0))", "dot takes 2 arguments, but 1 are given");
    }

    @Test
    void theCatalogGivesTheSameResults() {
        String both = "SELECT dot(a, b), sightline.vectors.dot(a, b), top_k_indices(h, 3),"
                + " sightline.vectors.TOP_K_INDICES(h, 3), vector_scale(d, 2), sightline.vectors.vector_scale(d, 2),"
                + " dot(b, array(1)), sightline.vectors.dot(b, array(1)) FROM pairs WHERE id IN (1, -1) ORDER BY id";
        eachWay(() -> session().sql(both).collectAsList().forEach(row -> {
            for (int i = 0; i < row.size(); i += 2) {
                assertThat(row.get(i)).isEqualTo(row.get(i + 1));
            }
        }));
    }

    @Test
    void aCallKeepsItsNameInSchemaAndPlan() {
        assertThat(session().sql("SELECT dot(a, b), l2_norm(h) FROM pairs").columns())
                .containsExactly("dot(a, b)", "l2_norm(h)");
        assertThat(session()
                        .sql("SELECT count(*) FROM pairs GROUP BY dot(a, b) HAVING dot(a, b) > 0")
                        .count())
                .isPositive();
    }

    @Test
    void theResultTypesAreAsDocumented() {
        StructType schema = session()
                .sql(
                        "SELECT dot(a, b), vector_add(a, h), vector_add(a, d), top_k_indices(a, 1), f16_decode(h) FROM pairs")
                .schema();
        assertThat(Arrays.stream(schema.fields()).map(field -> field.dataType().simpleString()))
                .containsExactly("double", "array<float>", "array<double>", "array<int>", "array<float>");
        assertThat(schema.apply(0).dataType()).isEqualTo(DataTypes.DoubleType);
    }

    private interface Reference {
        Object of(double[] a, double[] b);
    }

    private static void everyPair(String expression, Reference reference) {
        eachWay(() -> {
            List<Row> rows = session()
                    .sql("SELECT id, " + expression + " FROM pairs WHERE id >= 0 ORDER BY id")
                    .collectAsList();
            assertThat(rows).hasSameSizeAs(pairs);
            for (Row row : rows) {
                float[][] pair = pairs.get(row.getInt(0));
                Object actual = row.get(1) instanceof Number ? row.get(1) : row.getList(1);
                assertClose(
                        expression + " of pair " + row.get(0),
                        actual,
                        reference.of(doubles(pair[0]), doubles(pair[1])));
            }
        });
    }

    /** Equal within 1e-5 relative; NaN, infinities, zeros and whole numbers exactly. */
    static void assertClose(String what, Object actual, Object expected) {
        if (expected instanceof List<?> elements) {
            assertThat((List<?>) actual).as(what).hasSameSizeAs(elements);
            for (int i = 0; i < elements.size(); i++) {
                assertClose(what + "[" + i + "]", ((List<?>) actual).get(i), elements.get(i));
            }
        } else if (expected instanceof Double number && Double.isFinite(number)) {
            assertThat((Double) actual).as(what).isCloseTo(number, within(number));
        } else if (expected instanceof Float number && Float.isFinite(number)) {
            assertThat(((Float) actual).doubleValue()).as(what).isCloseTo(number.doubleValue(), within(number));
        } else {
            assertThat(actual).as(what).isEqualTo(expected);
        }
    }

    private static Offset<Double> within(double number) {
        return Offset.offset(Math.abs(number) * 1e-5);
    }

    private static void eachWay(Runnable check) {
        for (Execution execution : Execution.values()) {
            execution.run(session(), check);
        }
    }

    private static void assertFails(String query, String message) {
        assertThatThrownBy(() -> session().sql(query).collectAsList())
                .satisfies(failure -> assertThat(chain(failure))
                        .anySatisfy(cause -> assertThat(cause).contains(message)));
    }

    private static List<String> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()))
                .toList();
    }

    private static Row row(String query) {
        return session().sql(query).collectAsList().get(0);
    }

    private static SparkSession session() {
        return spark.session();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static List<Float> rounded(int length, IntToDoubleFunction element) {
        return IntStream.range(0, length)
                .mapToObj(i -> (float) element.applyAsDouble(i))
                .toList();
    }

    private static List<Double> boxed(int length, IntToDoubleFunction element) {
        return IntStream.range(0, length).mapToDouble(element).boxed().toList();
    }

    private static double[] doubles(float[] vector) {
        return IntStream.range(0, vector.length).mapToDouble(i -> vector[i]).toArray();
    }

    private static float[] floats(double[] vector) {
        float[] floats = new float[vector.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) vector[i];
        }
        return floats;
    }
}
