package io.sightline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.PackedWeight.Layout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedWeightTest {
    private static final int IN = 96;
    private static final int OUT = 160;

    private static Tensor random(long seed, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, shape);
    }

    @Test
    void productsEqualThoseOfThePlainWeightInEitherLayout() {
        try (Scope scope = Scope.open()) {
            Tensor x = random(1, 2, 7, IN);
            Tensor weight = random(2, OUT, IN);
            Tensor bias = random(3, OUT);
            try (PackedWeight rows = PackedWeight.of(weight, Layout.OUT_IN);
                    PackedWeight columns = PackedWeight.of(weight.transpose(0, 1), Layout.IN_OUT)) {
                float[] plain = Functional.linear(x, weight, bias).toFloatArray();
                assertThat(rows.linear(x, bias).shape()).containsExactly(2, 7, OUT);
                assertClose(rows.linear(x, bias).toFloatArray(), plain);
                assertClose(columns.linear(x, bias).toFloatArray(), plain);
                assertClose(
                        rows.linear(x, null).toFloatArray(),
                        Functional.linear(x, weight, null).toFloatArray());
            }
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(5e-5f));
        }
    }

    @Test
    void aRowDoesNotDependOnHowManyThereAre() {
        try (Scope scope = Scope.open();
                PackedWeight packed = PackedWeight.of(random(2, OUT, IN), Layout.OUT_IN)) {
            Tensor x = random(1, 333, IN);
            float[] all = packed.linear(x, null).narrow(0, 5, 1).toFloatArray();
            for (int rows : new int[] {1, 2, 7, 16, 64, 200}) {
                assertClose(
                        packed.linear(x.narrow(0, 5, rows), null)
                                .narrow(0, 0, 1)
                                .toFloatArray(),
                        all);
            }
        }
    }

    @Test
    void noRowsGiveNoRows() {
        try (Scope scope = Scope.open();
                PackedWeight packed = PackedWeight.of(random(2, OUT, IN), Layout.OUT_IN)) {
            assertThat(packed.linear(Tensor.zeros(DType.FLOAT32, Device.CPU, 0, IN), null)
                            .shape())
                    .containsExactly(0, OUT);
        }
    }

    @Test
    void anEditOfTheWeightIsFollowed() {
        try (Scope scope = Scope.open()) {
            Tensor x = random(1, 4, IN);
            Tensor weight = random(2, OUT, IN);
            try (PackedWeight packed = PackedWeight.of(weight, Layout.OUT_IN)) {
                packed.linear(x, null);
                weight.copyFrom(random(9, OUT, IN));
                assertClose(
                        packed.linear(x, null).toFloatArray(),
                        Functional.linear(x, weight, null).toFloatArray());
            }
        }
    }

    @Test
    void unpackingGivesTheWeightBackAndFollowsItsEdits() {
        try (Scope scope = Scope.open()) {
            Tensor x = random(1, 4, IN);
            for (Layout layout : Layout.values()) {
                Tensor weight = layout == Layout.OUT_IN ? random(2, OUT, IN) : random(2, IN, OUT);
                try (PackedWeight packed = PackedWeight.of(weight, layout)) {
                    float[] values = weight.toFloatArray();
                    packed.forgetWeight();
                    weight.close();
                    Tensor back = packed.unpack();
                    assertThat(back.toFloatArray()).isEqualTo(values);
                    back.copyFrom(Tensor.zeros(DType.FLOAT32, Device.CPU, back.shape()));
                    assertThat(packed.linear(x, null).toFloatArray()).containsOnly(0);
                }
            }
        }
    }

    @Test
    void closingFreesTheCopyAlone() {
        try (Scope scope = Scope.open()) {
            Tensor weight = random(2, OUT, IN);
            long before = Torch.liveTensors();
            PackedWeight packed = PackedWeight.of(weight, Layout.OUT_IN);
            packed.close();
            assertThat(Torch.liveTensors()).isEqualTo(before);
            assertThatThrownBy(() -> packed.linear(weight, null)).hasMessageContaining("was closed");
            assertThat(weight.isClosed()).isFalse();
        }
    }

    @Test
    void onlyContiguousFloat32MatricesOnTheCpuArePacked() {
        try (Scope scope = Scope.open()) {
            Tensor weight = random(2, OUT, IN);
            assertThat(PackedWeight.isWorthwhile(weight)).isTrue();
            assertThat(PackedWeight.isWorthwhile(weight.transpose(0, 1))).isFalse();
            assertThat(PackedWeight.isWorthwhile(weight.to(DType.FLOAT64))).isFalse();
            assertThat(PackedWeight.isWorthwhile(random(2, OUT))).isFalse();
            assertThat(PackedWeight.isWorthwhile(Tensor.empty(DType.FLOAT32, Device.META, OUT, IN)))
                    .isFalse();
        }
    }
}
