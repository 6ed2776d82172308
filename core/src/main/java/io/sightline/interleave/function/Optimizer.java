package io.sightline.interleave.function;

import io.sightline.engine.GradMode;
import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.PythonNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code torch.optim.SGD}: stochastic gradient descent with momentum and weight decay (torch/optim/sgd.py). */
public final class Optimizer {
    private static final Signature SGD = Signature.of(
            "params, lr=0.001, momentum=0, dampening=0, weight_decay=0, nesterov=False, maximize=False, foreach=None, differentiable=False, fused=None");

    static final Map<String, Function> METHODS = Map.of("step", Optimizer::step, "zero_grad", Optimizer::zeroGrad);

    private final List<Tensor> parameters = new ArrayList<>();
    private final Tensor[] momenta;
    private final Map<String, @Nullable Object> options;

    private Optimizer(Map<String, @Nullable Object> options, RunContext host) {
        this.options = options;
        for (Object parameter : Builtins.items(options.get("params"))) {
            if (!(parameter instanceof Tensor tensor)) {
                throw new IllegalArgumentException(
                        "an optimizer takes Parameters, not a " + Python.typeName(parameter));
            }
            host.gather(tensor);
            parameters.add(tensor);
        }
        momenta = new Tensor[parameters.size()];
    }

    static Object sgd(CallArguments a) {
        return new Optimizer(SGD.bind(a), a.host());
    }

    /** {@code torch.nn.Parameter(data, requires_grad=True)}: shares the data's memory. */
    static Object parameter(CallArguments a) {
        var bound = Signature.of("data, requires_grad=True").bind(a);
        if (!(bound.get("data") instanceof Tensor data)) {
            throw new IllegalArgumentException("a Parameter is made of a Tensor");
        }
        Tensor parameter = data.detach();
        if (Python.truth(bound.get("requires_grad"))) {
            parameter.requiresGrad(true);
            a.host().gather(parameter);
        }
        return parameter;
    }

    /** The tensors that the optimizer keeps alive. */
    public List<Tensor> parameters() {
        return parameters;
    }

    /** Frees what the optimizer itself made. */
    public void close() {
        for (Tensor momentum : momenta) {
            if (momentum != null) {
                momentum.close();
            }
        }
    }

    private double option(String name) {
        return PythonNumbers.asDouble(options.get(name));
    }

    private static @Nullable Object step(CallArguments a) {
        Optimizer optimizer = (Optimizer) Objects.requireNonNull(a.at(0));
        try (GradMode off = GradMode.disable()) {
            for (int i = 0; i < optimizer.parameters.size(); i++) {
                Tensor gradient = a.host().gathered(optimizer.parameters.get(i));
                if (gradient != null) {
                    optimizer.update(i, gradient);
                }
            }
        }
        return null;
    }

    private void update(int index, Tensor gradient) {
        Tensor parameter = parameters.get(index);
        Tensor direction = Python.truth(options.get("maximize")) ? gradient.mul(-1) : gradient;
        if (option("weight_decay") != 0) {
            direction = direction.add(parameter.mul(option("weight_decay")));
        }
        if (option("momentum") != 0) {
            Tensor momentum = momentum(index, direction);
            direction =
                    Python.truth(options.get("nesterov")) ? direction.add(momentum.mul(option("momentum"))) : momentum;
        }
        TorchCall.call("add_", List.of(parameter, direction), Map.of("alpha", -option("lr")));
    }

    private Tensor momentum(int index, Tensor direction) {
        Tensor before = momenta[index];
        Tensor next = before == null
                ? direction.copy()
                : before.mul(option("momentum")).add(direction.mul(1 - option("dampening")));
        if (before != null) {
            before.close();
        }
        momenta[index] = next.release();
        return next;
    }

    private static @Nullable Object zeroGrad(CallArguments a) {
        ((Optimizer) Objects.requireNonNull(a.at(0))).parameters.forEach(a.host()::forgetGathered);
        return null;
    }

    @Override
    public String toString() {
        return "SGD (lr: " + options.get("lr") + ")";
    }
}
