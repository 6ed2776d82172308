package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * transformers' {@code …RotaryEmbedding}: hidden states (for their dtype and device) and position ids {@code [batch or 1, seq]} to {@code
 * (cos, sin)}, each {@code [batch or 1, seq, rotated]}, computed in float32.
 */
public final class RotaryEmbedding extends Module {
    private static final Kernel LONGEST =
            Kernel.define("longest position", "positions: Tensor", "int", "return int(torch.max(positions)) + 1");
    /** Cosines in the layout of each {@link Rotation}. */
    private static final Map<Rotation, String> LAYOUT = Map.of(
            Rotation.HALVES, "torch.cat([half, half], -1)",
            Rotation.HALVES_BY_ONE, "half",
            Rotation.NEIGHBOURS, "torch.repeat_interleave(half, 2, -1)",
            Rotation.NEIGHBOURS_BY_HALVES, "torch.cat([half, half], -1)");

    private final String className;
    private final Map<String, RopeParameters> kinds;
    private final Map<String, double[]> frequencies = new HashMap<>();
    private final Kernel kernel;

    public RotaryEmbedding(String className, RopeParameters rope) {
        this(className, Rotation.HALVES, Map.of("", rope));
    }

    /** @param kinds by {@code layer_type}, which each call names; one of no name where all layers turn alike */
    public RotaryEmbedding(String className, Rotation rotation, Map<String, RopeParameters> kinds) {
        this.className = className;
        this.kinds = Map.copyOf(kinds);
        kinds.forEach((kind, rope) -> frequencies.put(kind, rope.inverseFrequencies(1)));
        this.kernel = cosinesAndSines(Objects.requireNonNull(LAYOUT.get(rotation)));
    }

    private static Kernel cosinesAndSines(String layout) {
        return Kernel.define(
                "rotary embedding",
                "x: Tensor, positions: Tensor, frequencies: List[float], scaling: float",
                "Tuple[Tensor, Tensor]",
                "f = torch.tensor(frequencies, dtype=6, device=ops.prim.device(x))",
                "half = torch.mul(torch.unsqueeze(torch.to(positions, 6), -1), f)",
                "angles = " + layout,
                "cos = torch.mul(torch.cos(angles), scaling)",
                "sin = torch.mul(torch.sin(angles), scaling)",
                "dtype = ops.prim.dtype(x)",
                "return (torch.to(cos, dtype), torch.to(sin, dtype))");
    }

    @Override
    protected Object forward(Args args) {
        Tensor positions = args.tensor(1, "position_ids");
        String kind = args.get(2, "layer_type") instanceof String named ? named : "";
        RopeParameters rope = Objects.requireNonNull(kinds.get(kind), () -> "no rotary embedding for '" + kind + "'");
        double[] now = rope.dependsOnLength() && !positions.isMeta()
                ? rope.inverseFrequencies(LONGEST.number(positions))
                : Objects.requireNonNull(frequencies.get(kind));
        return Outputs.tuple(kernel.call(args.tensor(0, "x"), positions, now, rope.attentionScaling()));
    }

    @Override
    public String className() {
        return className;
    }
}
