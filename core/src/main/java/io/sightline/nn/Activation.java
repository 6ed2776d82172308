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
    private static final Kernel CLIPPED_GELU = unary("gelu_10", "torch.clamp(torch.gelu(x), -10, 10)");
    private static final Kernel LAPLACE = unary(
            "laplace", "torch.mul(torch.add(torch.erf(torch.div(torch.sub(x, 0.707107), 0.3989425749)), 1.0), 0.5)");
    private static final Kernel LEAKY_RELU = unary("leaky_relu", "torch.leaky_relu(x, 0.01)");
    private static final Kernel LINEAR = unary("linear", "torch.alias(x)");
    private static final Kernel MISH = unary("mish", "torch.mish(x)");
    private static final Kernel HARDSWISH = unary("hardswish", "torch.hardswish(x)");
    private static final Kernel RELU_SQUARED = unary("relu2", "torch.square(torch.relu(x))");
    private static final Kernel RELU6 = unary("relu6", "torch.clamp(x, 0, 6)");
    private static final Kernel SQRT_SOFTPLUS = unary("sqrtsoftplus", "torch.sqrt(torch.softplus(x, 1.0, 20.0))");

    /** prelu and xielu have weights of their own and are not element-wise functions. */
    private static final String KNOWN =
            "gelu, gelu_10, gelu_accurate, gelu_fast, gelu_new, gelu_python, gelu_python_tanh,"
                    + " gelu_pytorch_tanh, hardswish, laplace, leaky_relu, linear, mish, quick_gelu, relu, relu2, relu6, sigmoid,"
                    + " silu, sqrtsoftplus, swish, tanh";

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
            case "gelu", "gelu_python" -> new Activation("GELUActivation", "", GELU);
            case "gelu_new" -> new Activation("NewGELUActivation", "", GELU_TANH);
            case "gelu_fast" -> new Activation("FastGELUActivation", "", GELU_TANH);
            case "gelu_accurate" -> new Activation("AccurateGELUActivation", "", GELU_TANH);
            case "gelu_pytorch_tanh", "gelu_python_tanh" -> new Activation("GELUTanh", "", GELU_TANH);
            case "gelu_10" -> new Activation("ClippedGELUActivation", "", CLIPPED_GELU);
            case "quick_gelu" -> new Activation("QuickGELUActivation", "", QUICK_GELU);
            case "relu" -> new Activation("ReLU", "", RELU);
            case "relu2" -> new Activation("ReLUSquaredActivation", "", RELU_SQUARED);
            case "relu6" -> new Activation("ReLU6", "", RELU6);
            case "leaky_relu" -> new Activation("LeakyReLU", "negative_slope=0.01", LEAKY_RELU);
            case "silu" -> new Activation("SiLUActivation", "", SILU);
            case "swish" -> new Activation("SiLU", "", SILU);
            case "hardswish" -> new Activation("Hardswish", "", HARDSWISH);
            case "mish" -> new Activation("MishActivation", "", MISH);
            case "laplace" -> new Activation("LaplaceActivation", "", LAPLACE);
            case "sqrtsoftplus" -> new Activation("SqrtSoftplusActivation", "", SQRT_SOFTPLUS);
            case "linear" -> new Activation("LinearActivation", "", LINEAR);
            case "sigmoid" -> new Activation("Sigmoid", "", SIGMOID);
            case "tanh" -> new Activation("Tanh", "", TANH);
            default -> throw new IllegalArgumentException("no activation '" + name + "'; known: " + KNOWN);
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
