package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.ExpertMixture;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.SlidingWindows;

/**
 * Mixtral: Mistral with a sparse mixture of experts for an MLP, {@code block_sparse_moe.gate.weight} [experts, hidden] and {@code
 * block_sparse_moe.experts.E.w1.weight}, {@code w2.weight}, {@code w3.weight}. Config keys: Llama's without biases, and {@code num_local_experts}
 * (8), {@code num_experts_per_tok} (2), {@code sliding_window} (none; all layers); {@code rope_theta} is 1,000,000 and {@code rms_norm_eps} 1e-5
 * where absent.
 */
public final class MixtralFamily extends DecoderFamily {
    public MixtralFamily() {
        super("mixtral", "Mixtral");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.experts()
                .epsilon(1e-5)
                .ropeBase(1_000_000)
                .mlp("block_sparse_moe", layer -> mixture(config, decoder.shape()))
                .window(layer -> SlidingWindows.ifNamed(config));
    }

    private static ExpertMixture mixture(ModelConfig config, DecoderShape shape) {
        return ExpertMixture.of(
                "MixtralSparseMoeBlock",
                shape,
                config.size("num_experts_per_tok", 2),
                ExpertMixture.Weights.RENORMALISED,
                shape.checkExpertCount(config, config.count("num_local_experts", 8)),
                () -> Mlp.of("MixtralBlockSparseTop2MLP", shape.width(), shape.inner())
                        .gate("w1")
                        .down("w2")
                        .up("w3")
                        .activation("act_fn", shape.activation())
                        .build());
    }
}
