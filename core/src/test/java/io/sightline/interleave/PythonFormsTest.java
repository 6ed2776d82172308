package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Tensor;
import io.sightline.graph.Value;
import io.sightline.interleave.function.Whitelist;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Functions whose Python form is not ATen's; the expected numbers are worked out by hand. */
@DisplayName("PARITY 21: functions that torch and einops write in Python")
class PythonFormsTest {
    private static TestModel model;

    @BeforeAll
    static void open() {
        model = new TestModel("tiny/mlp_sigmoid");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Object result(String function, Object... arguments) {
        GraphSketch graph = new GraphSketch();
        String node = graph.save(graph.call(function, arguments));
        try (Results results =
                Interleaver.of(graph.trace(GraphSketch.rows(1, 5)), model).run()) {
            return described(Objects.requireNonNull(results.get("7", node)));
        }
    }

    /** Tensors as lists of their numbers, so that they outlive the results. */
    private static Object described(Object value) {
        if (value instanceof Tensor tensor) {
            return java.util.stream.IntStream.range(0, (int) tensor.elements())
                    .mapToObj(i -> tensor.to(io.sightline.engine.DType.FLOAT64).toDoubleArray()[i])
                    .toList();
        }
        return value instanceof List<?> items
                ? items.stream().map(PythonFormsTest::described).toList()
                : value;
    }

    private static final Value A = tensor(new double[] {1, 2, 3, 4}, 2, 2);
    private static final Value B = tensor(new double[] {1, 0, 0, 2}, 2, 2);
    private static final Value LINE = tensor(new double[] {1, 5, 2, 4}, 1, 1, 4);

    @Test
    void tensordotTakesACountOrTwoListsOfDimensions() {
        assertThat(result("torch.functional.tensordot", A, B, 1)).isEqualTo(List.of(1.0, 4.0, 3.0, 8.0));
        assertThat(result("torch.functional.tensordot", A, B, 2)).isEqualTo(List.of(9.0));
        Value dims = new Value.ListValue(List.of(
                new Value.ListValue(List.of(new Value.IntValue(0))),
                new Value.ListValue(List.of(new Value.IntValue(1)))));
        assertThat(result("torch.functional.tensordot", A, B, dims)).isEqualTo(List.of(1.0, 6.0, 2.0, 8.0));
    }

    @Test
    void chainMatmulMultipliesFromLeftToRight() {
        assertThat(result("torch.functional.chain_matmul", A, B, B)).isEqualTo(List.of(1.0, 8.0, 3.0, 16.0));
    }

    @Test
    void poolsStepByTheirOwnSizeUnlessToldOtherwise() {
        assertThat(result("torch.nn.functional.max_pool1d", LINE, 2)).isEqualTo(List.of(5.0, 4.0));
        assertThat(result("torch.nn.functional.avg_pool1d", LINE, 2)).isEqualTo(List.of(3.0, 3.0));
        assertThat(result("torch.nn.functional.max_pool1d", LINE, 2, 1)).isEqualTo(List.of(5.0, 5.0, 4.0));
    }

    @Test
    void nonzeroGivesAMatrixOrATupleOfIndices() {
        assertThat(result("torch._VariableFunctionsClass.nonzero", B)).isEqualTo(List.of(0.0, 0.0, 1.0, 1.0));
        assertThat(result("torch._VariableFunctionsClass.nonzero", B, true))
                .isEqualTo(List.of(List.of(0.0, 1.0), List.of(0.0, 1.0)));
    }

    @Test
    void parseShapeNamesTheSizesOfTheAxes() {
        assertThat(result("einops.einops.parse_shape", LINE, "a _ length")).isEqualTo(Map.of("a", 1L, "length", 4L));
    }

    @Test
    void functionsThatTouchNumpyStayRefused() {
        assertThat(Whitelist.find("einops.einops.asnumpy")).isNull();
        assertThat(Whitelist.find("einops.einops.parse_shape")).isNotNull();
    }
}
