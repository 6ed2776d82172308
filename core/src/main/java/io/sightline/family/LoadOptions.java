package io.sightline.family;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.nn.AttentionKind;
import java.util.Optional;

/**
 * How a model is to be loaded; {@code auto} leaves the choice to us.
 *
 * @param dtype {@code auto}, {@code float32}, {@code float16} or {@code bfloat16}: what weights and activations are computed in;
 *     auto is the checkpoint's own on a GPU and float32 on a CPU
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<index>}; auto is the first GPU where there is one
 * @param attention {@code auto}, {@code eager} or {@code sdpa}; auto is sdpa, but eager for float16 and bfloat16 on a CPU, where the two round
 *     differently and eager rounds as transformers' references do
 */
public record LoadOptions(String dtype, String device, String attention) {
    public static final LoadOptions DEFAULT = new LoadOptions("auto", "auto", "auto");

    /** @throws IllegalArgumentException if a value is none of those named above */
    public LoadOptions {
        if (!dtype.equals("auto") && !parse(dtype).isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "dtype '" + dtype + "' is not one to compute in; take auto, float32, float16 or bfloat16");
        }
        if (!attention.matches("auto|eager|sdpa")) {
            throw new IllegalArgumentException("attention '" + attention + "' is unknown; take auto, eager or sdpa");
        }
    }

    private static DType parse(String name) {
        try {
            return DType.parse(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "dtype '" + name + "' is unknown; take auto, float32, float16 or bfloat16", e);
        }
    }

    AttentionKind attentionKind() {
        boolean lowPrecision = !dtype.equals("auto") && parse(dtype).bytes() < DType.FLOAT32.bytes();
        boolean eager = attention.equals("eager")
                || (attention.equals("auto") && lowPrecision && chosenDevice().isCpu());
        return eager ? AttentionKind.EAGER : AttentionKind.SDPA;
    }

    Device chosenDevice() {
        return Device.choose(device);
    }

    DType dtype(Device on, Optional<DType> stored) {
        if (!dtype.equals("auto")) {
            return parse(dtype);
        }
        return on.isCpu()
                ? DType.FLOAT32
                : stored.filter(DType::isFloatingPoint).orElse(DType.FLOAT32);
    }
}
