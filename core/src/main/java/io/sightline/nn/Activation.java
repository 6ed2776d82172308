package io.sightline.nn;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;

/** An element-wise function as a module, under the class name that torch or transformers gives it. */
public final class Activation extends Module {
    private static final Kernel SIGMOID = unary("sigmoid", "torch.sigmoid(x)");
    private static final Kernel TANH = unary("tanh", "torch.tanh(x)");
    private static final Kernel RELU = unary("relu", "torch.relu(x)");
    private static final Kernel SILU = unary("silu", "torch.silu(x)");
    private static final Kernel GELU = unary("gelu", "torch.gelu(x)");
    private static final Kernel GELU_TANH = unary("gelu", "torch.gelu(x, approximate=\"tanh\")");
    private static final Kernel QUICK_GELU = unary("quick_gelu", "torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))");

    private final String className;
    private final String extra;
    private final Kernel kernel;

    private Activation(String className, String extra, Kernel kernel) {
        this.className = className;
        this.extra = extra;
        this.kernel = kernel;
    }

    /**
     * transformers' {@code ACT2FN} (activations.py): a config's name for an activation, with the class it shows in the tree.
     *
     * @throws IllegalArgumentException naming the known ones
     */
    public static Activation ofConfig(String name) {
        return switch (name) {
            case "gelu" -> new Activation("GELUActivation", "", GELU);
            case "gelu_new" -> new Activation("NewGELUActivation", "", GELU_TANH);
            case "gelu_fast" -> new Activation("FastGELUActivation", "", GELU_TANH);
            case "gelu_pytorch_tanh" -> new Activation("GELUTanh", "", GELU_TANH);
            case "quick_gelu" -> new Activation("QuickGELUActivation", "", QUICK_GELU);
            case "relu" -> new Activation("ReLU", "", RELU);
            case "silu", "swish" -> new Activation("SiLUActivation", "", SILU);
            case "sigmoid" -> new Activation("Sigmoid", "", SIGMOID);
            case "tanh" -> new Activation("Tanh", "", TANH);
            default ->
                throw new IllegalArgumentException(
                        "no activation '" + name
                                + "'; known: gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, quick_gelu, relu, silu, swish, sigmoid, tanh");
        };
    }

    /** {@code torch.nn}'s module of that class name: GELU, ReLU, SiLU, Sigmoid, Tanh. */
    public static Activation ofTorch(String className) {
        return switch (className) {
            case "GELU" -> new Activation("GELU", "approximate='none'", GELU);
            case "ReLU" -> new Activation("ReLU", "", RELU);
            case "SiLU" -> new Activation("SiLU", "", SILU);
            case "Sigmoid" -> new Activation("Sigmoid", "", SIGMOID);
            case "Tanh" -> new Activation("Tanh", "", TANH);
            default ->
                throw new IllegalArgumentException(
                        "no activation module '" + className + "'; known: GELU, ReLU, SiLU, Sigmoid, Tanh");
        };
    }

    private static Kernel unary(String name, String expression) {
        return Kernel.define(name, "x: Tensor", "Tensor", "return " + expression);
    }

    @Override
    protected Tensor forward(Args args) {
        return kernel.tensor(args.tensor());
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    public String extraRepr() {
        return extra;
    }
}
