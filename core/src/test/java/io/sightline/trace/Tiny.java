package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Identity;
import io.sightline.nn.Linear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests on the small net of two Linears; each must leave no tensor behind. */
abstract class Tiny {
    private long before;
    TracedModule model = TracedModule.over(new Identity());

    @BeforeEach
    final void open() {
        before = Torch.liveTensors();
        model = TracedModule.open(Fixtures.path("tiny/two_linear"), LoadOptions.DEFAULT);
    }

    @AfterEach
    final void closeAndCount() {
        model.close();
        assertThat(Torch.liveTensors()).as("tensors left behind").isEqualTo(before);
    }

    /** {@code [1, 5]} */
    static Tensor x() {
        return Tensor.of(new float[] {0.1f, 0.9f, -0.4f, 0.3f, 0.7f}, 1, 5);
    }

    /** {@code [2, 5]} */
    static Tensor twoRows() {
        return Tensor.of(new float[] {1, -1, 0.5f, 0.25f, 2, 0, 0, 0.1f, 0.2f, -0.3f}, 2, 5);
    }

    /** The first layer's output as torch computes it without any hooks. */
    final Tensor first(Tensor input) {
        return model.get("layer1").module(Linear.class).call(input);
    }

    final Tensor second(Tensor hidden) {
        return model.get("layer2").module(Linear.class).call(hidden);
    }

    static void assertSame(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.toFloatArray()).usingComparatorWithPrecision(1e-6f).containsExactly(expected.toFloatArray());
    }
}
