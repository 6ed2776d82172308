package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Splits projections into heads and turns queries and keys by their positions (transformers {@code apply_rotary_pos_emb}). */
public final class RotaryHeads {
    private static final Map<Rotation, Kernel> ROTATE = new EnumMap<>(Rotation.class);

    static {
        for (Rotation rotation : Rotation.values()) {
            ROTATE.put(rotation, kernel(rotation));
        }
    }

    /** Which numbers of a head are pairs, and how the cosines that turn them are laid out. */
    public enum Rotation {
        /** Nothing is turned: the model's positions are learned, or in its mask. */
        NONE(""),
        /** A number of the first half with one of the second (Llama). */
        HALVES(""),
        /** As {@link #HALVES}, by cosines that stand once for both (gpt-oss). */
        HALVES_BY_ONE("cos = torch.cat([cos, cos], -1)\nsin = torch.cat([sin, sin], -1)"),
        /** Neighbours, by cosines that are repeated for each (Cohere). */
        NEIGHBOURS(""),
        /** As {@link #NEIGHBOURS}, by cosines laid out for halves (GLM). */
        NEIGHBOURS_BY_HALVES("""
                once = torch.floordiv(torch.size(cos, -1), 2)
                cos = torch.repeat_interleave(torch.slice(cos, -1, 0, once), 2, -1)
                sin = torch.repeat_interleave(torch.slice(sin, -1, 0, once), 2, -1)
                """);

        private final String layOut;

        Rotation(String layOut) {
            this.layOut = layOut;
        }

        private String other() {
            return this == NEIGHBOURS || this == NEIGHBOURS_BY_HALVES ? """
                  ahead = torch.slice(part, 3, 0, turned, 2)
                  behind = torch.slice(part, 3, 1, turned, 2)
                  other = torch.flatten(torch.stack([torch.neg(behind), ahead], -1), -2)
                """ : """
                  ahead = torch.slice(part, 3, 0, half)
                  behind = torch.slice(part, 3, half, turned)
                  other = torch.cat([torch.neg(behind), ahead], 3)
                """;
        }
    }

    private static Kernel kernel(Rotation rotation) {
        String body = rotation.layOut + """

                shape = [torch.size(q, 0), torch.size(q, 1), -1, dim]
                cos = torch.unsqueeze(cos, 2)
                sin = torch.unsqueeze(sin, 2)
                turned = torch.size(cos, -1)
                half = torch.floordiv(turned, 2)
                done = annotate(List[Tensor], [])
                for x in [q, k]:
                  heads = torch.reshape(x, shape)
                  part = torch.slice(heads, 3, 0, turned)
                """ + rotation.other() + """
                  y = torch.add(torch.mul(part, cos), torch.mul(other, sin))
                  if turned < dim:
                    y = torch.cat([y, torch.slice(heads, 3, turned, dim)], 3)
                  done = torch.append(done, torch.transpose(y, 1, 2))
                values = torch.transpose(torch.reshape(v, shape), 1, 2)
                return (done[0], done[1], values)
                """;
        return Kernel.define(
                "rotary heads",
                "q: Tensor, k: Tensor, v: Tensor, cos: Tensor, sin: Tensor, dim: int",
                "Tuple[Tensor, Tensor, Tensor]",
                body.lines().filter(line -> !line.isBlank()).toArray(String[]::new));
    }

    private RotaryHeads() {}

    /**
     * @param q {@code [batch, seq, heads·head_dim]} or {@code [batch, seq, heads, head_dim]}; k and v alike with their number of heads
     * @param positionEmbeddings {@code (cos, sin)} of a {@link RotaryEmbedding}; they may be narrower than a head, whose rest stays as it is
     * @return {@code (q, k, v)}, each {@code [batch, heads, seq, head_dim]}
     */
    public static Tuple rotate(
            Tensor q, Tensor k, Tensor v, @Nullable Object positionEmbeddings, int headDim, Rotation rotation) {
        Tensor cos = Outputs.tensor(positionEmbeddings, 0);
        Tensor sin = Outputs.tensor(positionEmbeddings, 1);
        return Outputs.tuple(Objects.requireNonNull(ROTATE.get(rotation)).call(q, k, v, cos, sin, headDim));
    }
}
