package io.sightline.engine;

/** The kernels behind {@link Tensor}'s own methods. */
final class BasicKernels {
    static final Kernel.PerDevice EMPTY = creation("empty", "shape: List[int], dtype: int", "shape, dtype=dtype");
    static final Kernel.PerDevice ZEROS = creation("zeros", "shape: List[int], dtype: int", "shape, dtype=dtype");
    static final Kernel.PerDevice FULL =
            creation("full", "shape: List[int], value: float, dtype: int", "shape, value, dtype=dtype");
    static final Kernel.PerDevice ARANGE = creation("arange", "end: int", "end, dtype=4");
    static final Kernel.PerDevice TO_DEVICE = Kernel.perDevice(device -> Kernel.define(
            "to", "x: Tensor", "Tensor", "return torch.to(x, dtype=None, layout=None, device=" + device + ")"));

    static final Kernel FROM_FILE = Kernel.define(
            "from_file",
            "file: str, size: int, dtype: int",
            "Tensor",
            "return torch.from_file(file, False, size, dtype=dtype)");
    static final Kernel REQUIRES_GRAD =
            Kernel.define("requires_grad", "x: Tensor", "bool", "return ops.prim.requires_grad(x)");
    static final Kernel IS = Kernel.define("is", "a: Tensor, b: Tensor", "bool", "return a is b");
    /** Empty tensors at the start of each one's memory are the same place of it. */
    static final Kernel SHARES_MEMORY = Kernel.define(
            "shares memory",
            "a: Tensor, b: Tensor",
            "bool",
            "x = torch.as_strided(torch.detach(a), [0], [1], 0)",
            "y = torch.as_strided(torch.detach(b), [0], [1], 0)",
            "return torch.is_set_to(x, y)");

    static final Kernel IS_SET_TO =
            Kernel.define("is_set_to", "a: Tensor, b: Tensor", "bool", "return torch.is_set_to(a, b)");
    static final Kernel DTYPE = Kernel.define("dtype", "x: Tensor", "int", "return ops.prim.dtype(x)");
    static final Kernel DEVICE = Kernel.define("device", "x: Tensor", "str", "return str(ops.prim.device(x))");
    static final Kernel TO_HOST = Kernel.define(
            "to host",
            "x: Tensor, dtype: int",
            "Tensor",
            "return torch.contiguous(torch.cpu(torch.to(torch.detach(x), dtype)))");
    static final Kernel TO_DTYPE = Kernel.define("to", "x: Tensor, dtype: int", "Tensor", "return torch.to(x, dtype)");

    static final Kernel SUB = binary("sub");
    static final Kernel MUL = binary("mul");
    static final Kernel MATMUL = binary("matmul");
    static final Kernel COPY_ = binary("copy_");
    static final Kernel SCALE = Kernel.define("mul", "x: Tensor, y: float", "Tensor", "return torch.mul(x, y)");
    static final Kernel SOFTMAX =
            Kernel.define("softmax", "x: Tensor, dim: int", "Tensor", "return torch.softmax(x, dim)");
    static final Kernel ARGMAX =
            Kernel.define("argmax", "x: Tensor, dim: int", "Tensor", "return torch.argmax(x, dim)");
    static final Kernel RESHAPE =
            Kernel.define("reshape", "x: Tensor, shape: List[int]", "Tensor", "return torch.reshape(x, shape)");
    static final Kernel TRANSPOSE =
            Kernel.define("transpose", "x: Tensor, a: int, b: int", "Tensor", "return torch.transpose(x, a, b)");
    static final Kernel UNSQUEEZE =
            Kernel.define("unsqueeze", "x: Tensor, dim: int", "Tensor", "return torch.unsqueeze(x, dim)");
    static final Kernel NARROW = Kernel.define(
            "narrow",
            "x: Tensor, dim: int, start: int, length: int",
            "Tensor",
            "return torch.narrow(x, dim, start, length)");
    static final Kernel SELECT =
            Kernel.define("select", "x: Tensor, dim: int, index: int", "Tensor", "return torch.select(x, dim, index)");
    static final Kernel INDEX_SELECT = Kernel.define(
            "index_select", "x: Tensor, dim: int, index: Tensor", "Tensor", "return torch.index_select(x, dim, index)");
    static final Kernel CAT = Kernel.define("cat", "xs: List[Tensor], dim: int", "Tensor", "return torch.cat(xs, dim)");
    static final Kernel DETACH = Kernel.define("detach", "x: Tensor", "Tensor", "return torch.detach(x)");
    static final Kernel CLONE = Kernel.define("clone", "x: Tensor", "Tensor", "return torch.clone(x)");

    private BasicKernels() {}

    private static Kernel binary(String function) {
        return Kernel.define(function, "x: Tensor, y: Tensor", "Tensor", "return torch." + function + "(x, y)");
    }

    private static Kernel.PerDevice creation(String function, String parameters, String arguments) {
        return Kernel.perDevice(device -> Kernel.define(
                function,
                parameters,
                "Tensor",
                "return torch." + function + "(" + arguments + ", device=" + device + ")"));
    }
}
