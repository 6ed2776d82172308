package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.ExpertMixture;
import io.sightline.nn.Linear.Bias;

/**
 * OLMoE: Llama with a sparse mixture of experts ({@code mlp.gate.weight}, {@code mlp.experts.E.gate_proj.weight} …) and RMS norms on all heads of
 * queries and of keys together. Config keys: Llama's, {@code num_experts} (64), {@code num_experts_per_tok} (8), {@code norm_topk_prob} (false),
 * {@code clip_qkv} (none); {@code rms_norm_eps} is 1e-5 where absent. The tree is that of transformers 4.57: experts are modules.
 */
public final class OlmoeFamily extends DecoderFamily {
    public OlmoeFamily() {
        super("olmoe", "Olmoe");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.experts()
                .epsilon(1e-5)
                .attentionBias(parts -> parts.wholeNorms(decoder::norm).clip(config.number("clip_qkv", 0)))
                .mlp(layer -> mixture(config, decoder));
    }

    private static ExpertMixture mixture(ModelConfig config, Decoder decoder) {
        return ExpertMixture.of(
                config, "OlmoeSparseMoeBlock", decoder.shape(), 8, 64, () -> decoder.gatedMlp(Bias.WITHOUT));
    }
}
