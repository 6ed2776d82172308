package io.sightline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorTest {
    private long before;
    private Scope scope;

    @BeforeEach
    void open() {
        before = Torch.liveTensors();
        scope = Scope.open();
    }

    @AfterEach
    void everythingIsFreed() {
        scope.close();
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void valuesComeBackAsTheyWentIn() {
        assertThat(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).toFloatArray()).containsExactly(1, 2, 3, 4);
        assertThat(Tensor.of(new long[] {1L << 40, -1}, 2).toLongArray()).containsExactly(1L << 40, -1);
        assertThat(Tensor.of(new boolean[] {true, false}, 2).toLongArray()).containsExactly(1, 0);
        assertThat(Tensor.of(new float[0], 0, 3).shape()).containsExactly(0, 3);
    }

    @Test
    void bfloat16IsMappedCastAndRead(@TempDir Path folder) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort((short) 0x3f80).putShort((short) 0x4000).flip();
        Path file = Files.write(folder.resolve("two.bin"), data.array());
        Tensor mapped = TensorBytes.of(file, DType.BFLOAT16, 2);
        assertThat(mapped.dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(mapped.toFloatArray()).containsExactly(1f, 2f);
        assertThat(TensorBytes.of(data, DType.BFLOAT16, 1, 2).toFloatArray()).containsExactly(1f, 2f);
        assertThat(mapped.to(DType.FLOAT32).to(DType.BFLOAT16).softmax(-1).dtype())
                .isEqualTo(DType.BFLOAT16);
    }

    @Test
    void aSharedHandleSeesInPlaceEditsAndOutlivesTheFirst() {
        Tensor first = Tensor.of(new float[] {1, 2}, 2);
        Tensor second = first.share();
        first.copyFrom(Tensor.scalar(7));
        first.close();
        assertThat(second.toFloatArray()).containsExactly(7, 7);
        assertThatThrownBy(first::toFloatArray)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed");
    }

    @Test
    void anyTorchFunctionCanBeCalledWithKeywordsAndTuples() {
        Tensor x = Tensor.of(new float[] {3, 1, 2, 9, 8, 7}, 2, 3);
        Tuple sorted = (Tuple) TorchFunction.call("sort", List.of(x), Map.of("dim", 1L, "descending", true));
        assertThat(((Tensor) sorted.get(0)).toFloatArray()).containsExactly(3, 2, 1, 9, 8, 7);
        assertThat(((Tensor) sorted.get(1)).toLongArray()).containsExactly(0, 2, 1, 0, 1, 2);
        Tensor sum = (Tensor)
                TorchFunction.call("sum", List.of(x, List.of(1L)), Map.of("keepdim", true, "dtype", DType.FLOAT64));
        assertThat(sum.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(sum.shape()).containsExactly(2, 1);
        assertThat(TorchFunction.call("view", List.of(x, 3L, -1L), Map.of())).isInstanceOf(Tensor.class);
        assertThat(((Tensor) TorchFunction.call("einsum", List.of("ij,kj->ik", List.of(x, x)), Map.of())).shape())
                .containsExactly(2, 2);
        assertThat(((List<?>) TorchFunction.call("chunk", List.of(x, 3L), Map.of("dim", -1L))))
                .hasSize(3);
    }

    @Test
    void indexingTakesSlicesEllipsisNoneAndTensorsAndWritesThroughViews() {
        Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3);
        Tensor column = (Tensor) TorchFunction.getItem(x, Tuple.of(Ellipsis.ELLIPSIS, -1L));
        assertThat(column.toFloatArray()).containsExactly(2, 5);
        Tensor steps = (Tensor) TorchFunction.getItem(x, Tuple.of(Slice.ALL, new Slice(null, null, 2L), null));
        assertThat(steps.shape()).containsExactly(2, 2, 1);
        Tensor picked = (Tensor) TorchFunction.getItem(x, Tensor.of(new long[] {1}, 1));
        assertThat(picked.toFloatArray()).containsExactly(3, 4, 5);
        assertThat(((Tensor) TorchFunction.getItem(x, List.of(1L, 0L))).toFloatArray())
                .containsExactly(3, 4, 5, 0, 1, 2);
        TorchFunction.setItem(column, Slice.ALL, 9.0);
        TorchFunction.setItem(x, Tuple.of(0L, 0L), Tensor.scalar(-1));
        TorchFunction.setItem(x, TorchFunction.call("gt", List.of(x, 8L), Map.of()), 8L);
        assertThat(x.toFloatArray()).containsExactly(-1, 1, 8, 3, 4, 8);
    }

    @Test
    void anErrorNamesTheOperationAndTorchsReason() {
        Tensor x = Tensor.of(new float[] {0, 1, 2}, 3);
        assertThatThrownBy(() -> x.matmul(Tensor.of(new float[] {1, 2}, 2)))
                .isInstanceOf(TorchException.class)
                .hasMessageStartingWith("matmul: ")
                .hasMessageContaining("size")
                .hasMessageNotContaining("Exception raised from");
        assertThatThrownBy(() -> TorchFunction.call("softmax", List.of(x, "no"), Map.of()))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("softmax");
    }

    @Test
    void metaTensorsHaveShapesWithoutData() {
        Tensor x = Tensor.empty(DType.BFLOAT16, Device.META, 4, 1L << 30);
        assertThat(x.add(x).shape()).containsExactly(4, 1L << 30);
        assertThat(x.device()).isEqualTo(Device.META);
    }

    @Test
    void gradientsFlowThroughKernels() {
        try (GradMode grad = GradMode.enable()) {
            Tensor x = Tensor.of(new float[] {0.5f, 2}, 2).requiresGrad(true);
            Tensor y = x.to(DType.FLOAT64).mul(x.to(DType.FLOAT64));
            Tensor g = Autograd.gradients(List.of(y), List.of(Tensor.full(1, DType.FLOAT64, Device.CPU, 2)), List.of(x))
                    .get(0);
            assertThat(g.toFloatArray()).containsExactly(1, 4);
        }
        assertThat(GradMode.isEnabled()).isFalse();
        Tensor x = Tensor.of(new float[] {1}, 1).requiresGrad(true);
        assertThat(x.add(x).requiresGrad()).isFalse();
    }

    @Test
    void twoHundredStepsKeepNativeMemoryFlat() {
        long warm = 0;
        for (int step = 0; step < 200; step++) {
            try (Scope batch = Scope.open()) {
                Tensor x = Tensor.zeros(DType.FLOAT32, Device.CPU, 1024, 1024);
                x.add(x).mul(2.0).softmax(-1);
            }
            if (step == 50) {
                warm = ResidentMemory.bytes();
            }
        }
        assertThat(ResidentMemory.bytes() - warm).isLessThan(128L << 20);
    }
}
