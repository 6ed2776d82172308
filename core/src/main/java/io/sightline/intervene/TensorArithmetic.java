package io.sightline.intervene;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Vectors of several tokens at once, {@code [tokens, hidden]}, float32, in the current scope; numbers and single vectors broadcast. */
final class TensorArithmetic implements Evaluator.Arithmetic<Tensor> {
    private static final Map<Character, String> FUNCTIONS = Map.of('+', "add", '-', "sub", '*', "mul", '/', "div");

    private final Device device;

    TensorArithmetic(Device device) {
        this.device = device;
    }

    @Override
    public Tensor of(Object value) {
        if (value instanceof Tensor tensor) {
            return tensor;
        } else if (value instanceof float[] vector) {
            return Tensor.of(vector, 1, vector.length).to(device);
        }
        return Tensor.of(new float[] {((Double) value).floatValue()}, 1, 1).to(device);
    }

    @Override
    public Tensor binary(char operator, Tensor left, Tensor right) {
        String function = Objects.requireNonNull(FUNCTIONS.get(operator));
        return (Tensor) Objects.requireNonNull(TorchFunction.call(function, List.of(left, right), Map.of()));
    }

    @Override
    public Tensor norm(Tensor vector) {
        return (Tensor) Objects.requireNonNull(
                TorchFunction.call("linalg_vector_norm", List.of(vector, 2.0, List.of(-1L), true), Map.of()));
    }
}
