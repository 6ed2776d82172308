package io.sightline.interleave.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SizeLimitTest {
    private static final long HUGE = 3_000_000_000L;
    private static final long SIDE = 100_000L;
    private static final List<Long> SQUARE = List.of(SIDE, SIDE);

    private final Scope scope = Scope.open();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void sizesAreCountedByPositionAndByKeyword() {
        for (String function : List.of("zeros", "ones", "empty", "rand", "randn")) {
            refuses(function, SIDE, SIDE);
            refuses(function, SQUARE);
            refusesKeywords(function, List.of(), Map.of("size", SQUARE));
            // Nothing by itself, but a sum over the empty dimension has what the other says.
            refusesKeywords(function, List.of(), Map.of("size", List.of(HUGE, 0L)));
        }
        for (String function : List.of("new_zeros", "new_ones", "new_empty")) {
            refuses(function, one(), SIDE, SIDE);
            refusesKeywords(function, List.of(one()), Map.of("size", SQUARE));
        }
        refuses("full", SQUARE, 1L);
        refusesKeywords("full", List.of(), Map.of("size", SQUARE, "fill_value", 1L));
        refuses("randint", 10L, SQUARE);
        refuses("randint", 0L, 10L, SQUARE);
        refuses("normal", 0.0, 1.0, SQUARE);
    }

    @Test
    void whatRepeatsOrSpreadsATensorIsCounted() {
        refuses("expand", one(), SIDE, SIDE);
        refuses("expand", Tensor.zeros(DType.BOOL, Device.CPU, SIDE), SIDE, -1L);
        refusesKeywords("broadcast_to", List.of(one()), Map.of("size", SQUARE));
        refuses("as_strided", one(), SQUARE, List.of(0L, 0L));
        refuses("repeat", one(), SIDE, SIDE);
        refusesKeywords("tile", List.of(one()), Map.of("dims", SQUARE));
        refuses("repeat_interleave", one(), HUGE);
        refuses("repeat_interleave", ints(HUGE));
        refuses("repeat_interleave", ints(1, 2), ints(HUGE, 1));
        refuses("unfold", Tensor.zeros(DType.BOOL, Device.CPU, 2 * SIDE), 0L, SIDE, 1L);
        refuses("pad", one(), List.of(0L, HUGE), "constant", 0.0);
        refuses("constant_pad_nd", one(), List.of(HUGE, 0L));
        refuses("adaptive_avg_pool1d", Tensor.zeros(DType.FLOAT32, Device.CPU, 1, 1), List.of(HUGE));
    }

    @Test
    void whatCountsUpToANumberIsCounted() {
        refuses("eye", SIDE);
        refusesKeywords("eye", List.of(), Map.of("n", SIDE, "m", SIDE));
        refuses("arange", HUGE);
        refuses("arange", 0L, 1L, 1e-10);
        refusesKeywords("arange", List.of(), Map.of("end", HUGE));
        refusesKeywords("linspace", List.of(0L, 1L), Map.of("steps", HUGE));
        refuses("logspace", 0L, 1L, HUGE);
        refuses("randperm", HUGE);
        refuses("hann_window", HUGE);
        refuses("kaiser_window", HUGE);
        refuses("tril_indices", SIDE, SIDE);
        refusesKeywords("triu_indices", List.of(), Map.of("row", SIDE, "col", SIDE));
        refuses("one_hot", ints(0), HUGE);
        refuses("one_hot", ints(HUGE), -1L);
        refuses("bincount", ints(HUGE));
        refusesKeywords("bincount", List.of(ints(1)), Map.of("minlength", HUGE));
        refusesKeywords("histc", List.of(one()), Map.of("bins", HUGE));
        refuses("vander", one(), HUGE);
        refuses("multinomial", one(), HUGE, true);
    }

    @Test
    void squaresOfTensorsAreCounted() {
        Tensor side = Tensor.zeros(DType.BOOL, Device.CPU, SIDE);
        refuses("diag", one(), SIDE);
        refuses("diagflat", side);
        refuses("diag_embed", side);
        refuses("outer", side, side);
        refuses("kron", side, side);
        refuses("cartesian_prod", side, side);
    }

    @Test
    void modestCallsGoThroughWhateverTheirNumbersAre() {
        shape(TorchCall.tensor("arange", 0L, 1_000_000_000_000L, 100_000_000_000L), 10);
        shape(TorchCall.tensor("arange", 5L, 0L, -1L), 5);
        shape(TorchCall.tensor("randint", HUGE, List.of(2L, 2L)), 2, 2);
        shape(TorchCall.tensor("full", List.of(2L), HUGE), 2);
        shape(TorchCall.tensor("eye", 3L), 3, 3);
        shape(TorchCall.tensor("expand", ints(1, 2, 3), 4L, -1L), 4, 3);
        shape(TorchCall.tensor("repeat_interleave", ints(1, 2), ints(3, 0)), 3);
        shape(TorchCall.tensor("diag", Tensor.zeros(DType.BOOL, Device.CPU, SIDE, 300)), 300);
        shape(TorchCall.tensor("diag", Tensor.zeros(DType.BOOL, Device.CPU, 1, SIDE)), 1);
        shape(TorchCall.tensor("pad", ints(1, 2), List.of(-1L, 3L), "constant", 0L), 4);
        shape(TorchCall.tensor("one_hot", ints(0, 4), -1L), 2, 5);
        shape(TorchCall.tensor("unfold", ints(1, 2, 3), -1L, 2L, 1L), 2, 2);
    }

    @Test
    void emptyGivesZeros() {
        assertThat(TorchCall.tensor("empty", 3L).toFloatArray()).containsOnly(0);
        assertThat(TorchCall.tensor("new_empty", ints(1), 3L).toLongArray()).containsOnly(0);
        assertThat(TorchCall.tensor("empty_like", one()).toFloatArray()).containsOnly(0);
    }

    private static void shape(Tensor tensor, long... shape) {
        assertThat(tensor.shape()).containsExactly(shape);
    }

    private static Tensor one() {
        return Tensor.of(new float[] {1}, 1);
    }

    private static Tensor ints(long... values) {
        return Tensor.of(values, values.length);
    }

    private static void refuses(String function, Object... arguments) {
        refusesKeywords(function, List.of(arguments), Map.of());
    }

    private static void refusesKeywords(String function, List<?> arguments, Map<String, ?> keywords) {
        assertThatThrownBy(() -> TorchCall.call(function, arguments, keywords))
                .as(function)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("torch." + function + " would make ")
                .hasMessageEndingWith(" elements; a graph may make 2147483648 at a time");
    }
}
