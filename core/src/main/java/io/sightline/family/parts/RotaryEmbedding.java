package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;

/**
 * transformers' {@code …RotaryEmbedding}: hidden states (for their dtype and device) and position ids {@code [batch or 1, seq]} to {@code
 * (cos, sin)}, each {@code [batch or 1, seq, rotated]}, computed in float32.
 */
public final class RotaryEmbedding extends Module {
    private static final Kernel LONGEST =
            Kernel.define("longest position", "positions: Tensor", "int", "return int(torch.max(positions)) + 1");
    private static final Kernel COS_SIN = Kernel.define(
            "rotary embedding",
            "x: Tensor, positions: Tensor, frequencies: List[float], scaling: float",
            "Tuple[Tensor, Tensor]",
            "f = torch.tensor(frequencies, dtype=6, device=ops.prim.device(x))",
            "half = torch.mul(torch.unsqueeze(torch.to(positions, 6), -1), f)",
            "angles = torch.cat([half, half], -1)",
            "cos = torch.mul(torch.cos(angles), scaling)",
            "sin = torch.mul(torch.sin(angles), scaling)",
            "dtype = ops.prim.dtype(x)",
            "return (torch.to(cos, dtype), torch.to(sin, dtype))");

    private final String className;
    private final RopeParameters rope;
    private final double[] frequencies;

    public RotaryEmbedding(String className, RopeParameters rope) {
        this.className = className;
        this.rope = rope;
        this.frequencies = rope.inverseFrequencies(1);
    }

    @Override
    protected Object forward(Args args) {
        Tensor positions = args.tensor(1, "position_ids");
        double[] now = rope.dependsOnLength() && !positions.isMeta()
                ? rope.inverseFrequencies(LONGEST.number(positions))
                : frequencies;
        return Outputs.tuple(COS_SIN.call(args.tensor(0, "x"), positions, now, rope.attentionScaling()));
    }

    @Override
    public String className() {
        return className;
    }
}
