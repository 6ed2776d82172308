package io.sightline.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static Sequential net() {
        Map<String, Module> parts = new LinkedHashMap<>();
        parts.put("layer1", new Linear(3, 2, Linear.Bias.WITH));
        parts.put("act", Activation.ofTorch("ReLU"));
        parts.put("norm", new LayerNorm(2, 1e-5));
        return new Sequential(parts);
    }

    private static void bind(Module module) {
        module.namedParameters()
                .forEach((name, parameter) -> parameter.bind(
                        Tensor.full(name.endsWith("bias") ? 1 : 0.5, DType.FLOAT32, Device.CPU, parameter.shape())
                                .release()));
    }

    @Test
    void reprIsTorchs() {
        ModuleList list = new ModuleList(List.of(
                new Linear(2, 2, Linear.Bias.WITHOUT), new Linear(2, 2, Linear.Bias.WITHOUT), new Dropout(0.1)));
        assertThat(list.toString()).isEqualTo("""
                        ModuleList(
                          (0-1): 2 x Linear(in_features=2, out_features=2, bias=False)
                          (2): Dropout(p=0.1, inplace=False)
                        )""");
        assertThat(net().toString()).isEqualTo("""
                        Sequential(
                          (layer1): Linear(in_features=3, out_features=2, bias=True)
                          (act): ReLU()
                          (norm): LayerNorm((2,), eps=1e-05, elementwise_affine=True, bias=True)
                        )""");
    }

    @Test
    void hooksSeeAndReplaceInputsAndOutputs() {
        Sequential net = net();
        bind(net);
        List<String> seen = new ArrayList<>();
        Module act = net.namedChildren().get("act");
        long before = Torch.liveTensors();
        try (Scope scope = Scope.open();
                HookHandle pre = act.registerForwardPreHook((m, args) -> {
                    seen.add("pre " + m.className());
                    return Args.of(args.tensor().mul(-1));
                });
                HookHandle post = act.registerForwardHook((m, args, out) -> {
                    seen.add("post");
                    return ((Tensor) out).add(Tensor.scalar(1));
                })) {
            Tensor y = act.call(Tensor.of(new float[] {1, -2}, 2));
            assertThat(y.toFloatArray()).containsExactly(1, 3);
            assertThat(act.hookCount()).isEqualTo(2);
        }
        assertThat(seen).containsExactly("pre ReLU", "post");
        assertThat(act.hookCount()).isZero();
        assertThat(Torch.liveTensors()).isEqualTo(before);
        net.namedParameters().values().forEach(p -> p.tensor().close());
    }

    @Test
    void aHookOfAnotherThreadStaysQuiet() throws InterruptedException {
        Activation relu = Activation.ofTorch("ReLU");
        Thread other = new Thread(() -> relu.registerForwardHook((m, args, out) -> Tensor.scalar(99)));
        other.start();
        other.join();
        try (Scope scope = Scope.open()) {
            assertThat(relu.call(Tensor.of(new float[] {5}, 1)).toFloatArray()).containsExactly(5);
        }
    }

    @Test
    void aForwardPassFreesItsIntermediates() {
        Sequential net = net();
        bind(net);
        long before = Torch.liveTensors();
        try (Scope scope = Scope.open()) {
            net.call(Tensor.of(new float[] {1, 2, 3}, 1, 3));
            assertThat(Torch.liveTensors() - before).as("input and output").isEqualTo(2);
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
        net.namedParameters().values().forEach(p -> p.tensor().close());
    }

    @Test
    void aWeightOfAnotherShapeIsRefused() {
        Linear linear = new Linear(3, 2, Linear.Bias.WITHOUT);
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> linear.weight().bind(Tensor.of(new float[6], 3, 2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 3]")
                    .hasMessageContaining("[3, 2]");
            assertThatThrownBy(() -> linear.call(Tensor.of(new float[3], 1, 3)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("before it was loaded");
        }
    }

    @Test
    void pythonsFloatsAreWrittenAsPythonDoes() {
        assertThat(Repr.number(1e-12)).isEqualTo("1e-12");
        assertThat(Repr.number(1e-5)).isEqualTo("1e-05");
        assertThat(Repr.number(1.5e-7)).isEqualTo("1.5e-07");
        assertThat(Repr.number(0.1)).isEqualTo("0.1");
        assertThat(Repr.number(0.0)).isEqualTo("0.0");
        assertThat(Repr.number(0.0005)).isEqualTo("0.0005");
    }
}
