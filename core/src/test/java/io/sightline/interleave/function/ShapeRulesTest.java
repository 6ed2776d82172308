package io.sightline.interleave.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.engine.TorchFunction;
import io.sightline.python.SizeMismatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("a call is ruled out by its shapes exactly where torch refuses it on data")
class ShapeRulesTest {
    private static final int ROUNDS = 150;

    record Case(String name, Function<Random, List<@Nullable Object>> arguments) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("add", random -> List.of(tensor(random), tensor(random))),
                new Case("maximum", random -> List.of(tensor(random), tensor(random))),
                new Case("matmul", random -> List.of(tensor(random), tensor(random))),
                new Case("sum", random -> List.of(tensor(random), dim(random))),
                new Case("softmax", random -> List.of(tensor(random), dim(random))),
                new Case("select", random -> List.of(tensor(random), dim(random), dim(random))),
                new Case("cat", random -> List.of(List.of(tensor(random), tensor(random)), dim(random))),
                new Case("stack", random -> List.of(List.of(tensor(random), tensor(random)))),
                new Case("reshape", random -> List.of(tensor(random), List.of(dim(random), dim(random)))));
    }

    /** Up to three dimensions of 1 to 3. */
    private static Tensor tensor(Random random) {
        long[] shape = random.longs(random.nextInt(4), 1, 4).toArray();
        return Tensor.zeros(DType.FLOAT32, Device.CPU, shape);
    }

    private static Long dim(Random random) {
        return random.nextLong(-4, 5);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theRuleAgreesWithTorch(Case one) {
        Random random = new Random(7);
        int refusals = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (Scope scope = Scope.open()) {
                List<@Nullable Object> arguments =
                        new ArrayList<>(one.arguments().apply(random));
                boolean refused = isRefused(one.name(), arguments);
                assertThat(ShapeRules.ruleOut(one.name(), arguments, Map.of()))
                        .as("%s%s", one.name(), arguments)
                        .isEqualTo(refused);
                refusals += refused ? 1 : 0;
            }
        }
        assertThat(refusals).isBetween(1, ROUNDS - 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("what a graph's call throws says whether it was the shapes")
    void aRefusalIsThrownAsOne(Case one) {
        Random random = new Random(8);
        for (int round = 0; round < ROUNDS; round++) {
            try (Scope scope = Scope.open()) {
                List<@Nullable Object> arguments =
                        new ArrayList<>(one.arguments().apply(random));
                boolean refused = isRefused(one.name(), arguments);
                boolean thrown = false;
                try {
                    TorchCall.call(one.name(), arguments, Map.of());
                } catch (SizeMismatch e) {
                    thrown = true;
                }
                assertThat(thrown).as("%s%s", one.name(), arguments).isEqualTo(refused);
            }
        }
    }

    private static boolean isRefused(String name, List<@Nullable Object> arguments) {
        try {
            TorchFunction.call(name, arguments, Map.of());
            return false;
        } catch (TorchException e) {
            return true;
        }
    }
}
