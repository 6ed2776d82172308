package io.sightline.nn;

import io.sightline.engine.GradMode;
import io.sightline.engine.PackedWeight;
import io.sightline.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Linear} and {@link Conv1D} share: {@code x·W + b}, {@code [..., in] → [..., out]}, by a packed copy of the weight where that was
 * allowed and is faster. The copy is made when the layer is first called.
 */
public abstract class Affine extends Module {
    private final PackedWeight.Layout layout;
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private volatile boolean mayPack;
    private boolean mapped;
    private volatile int binding;
    private volatile @Nullable PackedWeight packed;

    Affine(PackedWeight.Layout layout, long rows, long columns, @Nullable Long biasSize) {
        this.layout = layout;
        this.weight = parameter("weight", rows, columns);
        this.bias = biasSize == null ? null : parameter("bias", biasSize);
    }

    public final Parameter weight() {
        return weight;
    }

    final @Nullable Parameter bias() {
        return bias;
    }

    /** The product by the plain weight. */
    abstract Tensor multiply(Tensor x, Tensor weight, @Nullable Tensor bias);

    @Override
    protected final Tensor forward(Args args) {
        Tensor x = args.tensor();
        @Nullable Tensor added = bias == null ? null : bias.tensor();
        PackedWeight fast = mayPack && binding == weight.bindings() && !GradMode.isEnabled() ? packed() : null;
        return fast == null ? multiply(x, weight.tensor(), added) : fast.linear(x, added);
    }

    private PackedWeight packed() {
        PackedWeight current = packed;
        return current != null ? current : pack();
    }

    private synchronized PackedWeight pack() {
        PackedWeight current = packed;
        if (current == null) {
            current = PackedWeight.of(weight.tensor(), layout);
            if (mapped) {
                current.releasePages();
            }
            packed = current;
        }
        return current;
    }

    /** Where the weight's own memory is. */
    public enum Memory {
        /** In the pages of a mapped file, which can be given back when the weight is packed. */
        MAPPED,
        /** Somewhere else, or others use it as well. */
        SHARED,
        /** Nobody else's: the packed copy can take its place at once. */
        OWN
    }

    /**
     * Lets the layer keep a packed copy of its weight until {@link #unpack}, where that is faster. Another weight bound
     * later is used as it is. Not while another thread calls the layer.
     */
    public final void allowPacking(Memory memory) {
        mayPack = PackedWeight.isWorthwhile(weight.tensor());
        mapped = memory == Memory.MAPPED;
        binding = weight.bindings();
        if (mayPack && memory == Memory.OWN) {
            PackedWeight copy = pack();
            copy.forgetWeight();
            weight.replace(copy::unpack);
        }
    }

    /** Frees the packed copy. Not while another thread calls the layer. */
    public final synchronized void unpack() {
        mayPack = false;
        weight.free();
        PackedWeight current = packed;
        if (current != null) {
            current.close();
            packed = null;
        }
    }
}
