package io.sightline.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a linear layer's weight in the blocked layout that oneDNN multiplies by without rearranging it first (PyTorch's
 * {@code mkldnn::_reorder_linear_weight} and {@code mkldnn::_linear_pointwise}). On a CPU with AVX-512 such a product takes less than half the
 * time of a plain one in float32; a row of it does not depend on how many rows there are.
 *
 * <p>It has no gradients. It follows the weight: once that is edited in place, products use the weight itself again. Threads may share it; whoever
 * made it closes it.
 */
public final class PackedWeight implements AutoCloseable {
    /** How the rows and columns of the weight are to be read. */
    public enum Layout {
        /** {@code [out, in]}, as {@code torch.nn.Linear} has it. */
        OUT_IN("weight"),
        /** {@code [in, out]}, as GPT-2's {@code Conv1D} has it. */
        IN_OUT("torch.t(weight)");

        private final Kernel pack;
        private final Kernel unpack;
        private final Kernel withBias;
        private final Kernel withoutBias;

        Layout(String outIn) {
            pack = Kernel.define(
                    "pack a weight",
                    "weight: Tensor",
                    "Tensor",
                    "return ops.mkldnn._reorder_linear_weight(torch.contiguous(" + outIn + "), None)");
            unpack = Kernel.define(
                    "unpack a weight",
                    "weight: Tensor",
                    "Tensor",
                    "weight = torch.to_dense(weight)",
                    "return torch.contiguous(" + outIn + ")");
            withBias = linear(outIn, "bias", ", bias: Tensor");
            withoutBias = linear(outIn, "None", "");
        }

        private static Kernel linear(String outIn, String bias, String parameter) {
            return Kernel.define(
                    "linear",
                    "x: Tensor, packed: Tensor, weight: Tensor, version: int" + parameter,
                    "Tensor",
                    "if torch.ne(torch._version(weight), version):",
                    "  y = torch.linear(x, " + outIn + ", " + bias + ")",
                    "else:",
                    "  y = ops.mkldnn._linear_pointwise(x, packed, " + bias + ", \"none\", [], \"\")",
                    "return y");
        }
    }

    /** Below so many numbers the calls cost what the product gains. */
    private static final long SMALLEST = 1 << 14;

    private static final Kernel VERSION = Kernel.define("version", "x: Tensor", "int", "return torch._version(x)");
    private static final Kernel IS_PLAIN =
            Kernel.define("is contiguous", "x: Tensor", "bool", "return torch.is_contiguous(x)");

    private final Tensor packed;
    private final Layout layout;
    private volatile Watched watched;

    /** What an edit of the weight shows in: torch counts the edits of each tensor. */
    private record Watched(Tensor weight, long version) {
        static Watched of(Tensor weight) {
            return new Watched(weight, VERSION.number(weight));
        }
    }

    private PackedWeight(Tensor weight, Tensor packed, Layout layout) {
        this.packed = packed;
        this.layout = layout;
        this.watched = Watched.of(weight);
    }

    /** When weights are packed, by the system property {@code sightline.packed}. */
    private enum Policy {
        /** Those of some size, where a short measurement finds it faster. */
        AUTO,
        ALWAYS,
        NEVER;

        static Policy chosen() {
            String value = System.getProperty("sightline.packed", "auto");
            for (Policy policy : values()) {
                if (policy.name().equals(value.toUpperCase(Locale.ROOT))) {
                    return policy;
                }
            }
            throw new IllegalArgumentException("sightline.packed is '" + value + "'; expected auto, always or never");
        }
    }

    /** Whether products with {@code weight}, {@code [rows, columns]}, should be made with a packed copy: it is faster here, and can be had. */
    public static boolean isWorthwhile(Tensor weight) {
        Policy policy = Policy.chosen();
        return policy != Policy.NEVER
                && weight.dimensions() == 2
                && weight.dtype() == DType.FLOAT32
                && weight.device().isCpu()
                && Boolean.TRUE.equals(IS_PLAIN.call(weight))
                && (policy == Policy.ALWAYS || weight.elements() >= SMALLEST && Measured.IS_FASTER);
    }

    /** Packs a float32 {@code weight} on the CPU, which must live as long as the copy or until {@link #forgetWeight}. */
    public static PackedWeight of(Tensor weight, Layout layout) {
        return new PackedWeight(weight, layout.pack.tensor(weight).releaseUncounted(), layout);
    }

    /** Copies the weight back into its plain layout, for the caller to own, and watches that copy from now on. */
    public Tensor unpack() {
        Tensor weight = layout.unpack.tensor(packed);
        watched = Watched.of(weight);
        return weight;
    }

    /** Lets the weight go: until {@link #unpack}, nobody can edit it. */
    public void forgetWeight() {
        watched = Watched.of(packed);
    }

    /** Gives the memory of a file's pages back that {@code weight}, mapped from that file, was read into; they are read again when needed. */
    public void releasePages() {
        Watched now = watched;
        if (now.version() == 0) {
            MappedPages.release(now.weight());
        }
    }

    /** {@code x·W + b}: x {@code [..., in]}, bias {@code [out]} or null, to {@code [..., out]}. */
    public Tensor linear(Tensor x, @Nullable Tensor bias) {
        Watched now = watched;
        return bias == null
                ? layout.withoutBias.tensor(x, packed, now.weight(), now.version())
                : layout.withBias.tensor(x, packed, now.weight(), now.version(), bias);
    }

    /** Frees the copy; the weight is left to its owner. */
    @Override
    public void close() {
        packed.close();
    }

    /** One measurement a process: products of a usual size, both ways. */
    private static final class Measured {
        private static final int ROWS = 128;
        private static final int WIDTH = 768;
        private static final int ROUNDS = 5;
        /** Only a clear loss speaks against packing, so that one machine decides the same way each time. */
        private static final double CLEAR_LOSS = 1.25;

        static final boolean IS_FASTER = measure();

        private static boolean measure() {
            try (Scope scope = Scope.open()) {
                Tensor x = Tensor.zeros(DType.FLOAT32, Device.CPU, ROWS, WIDTH);
                Tensor weight = Tensor.zeros(DType.FLOAT32, Device.CPU, WIDTH, WIDTH);
                try (PackedWeight packed = of(weight, Layout.OUT_IN)) {
                    long plainNanos =
                            fastest(() -> Functional.linear(x, weight, null).close());
                    long packedNanos = fastest(() -> packed.linear(x, null).close());
                    return packedNanos < plainNanos * CLEAR_LOSS;
                }
            }
        }

        private static long fastest(Runnable product) {
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                long started = System.nanoTime();
                product.run();
                fastest = Math.min(fastest, System.nanoTime() - started);
            }
            return fastest;
        }
    }
}
