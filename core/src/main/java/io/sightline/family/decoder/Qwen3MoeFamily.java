package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.ExpertMixture;
import io.sightline.nn.Linear.Bias;

/**
 * Qwen3 MoE: Qwen3 with a sparse mixture of experts in some layers, {@code mlp.gate.weight} [experts, hidden] and {@code
 * mlp.experts.E.gate_proj.weight}, {@code up_proj.weight}, {@code down_proj.weight}. Config keys: Qwen3's ({@code head_dim} is hidden_size /
 * num_attention_heads where absent), and {@code num_experts} (128; transformers 5 saves it as {@code num_local_experts}), {@code
 * num_experts_per_tok} (8), {@code moe_intermediate_size} (768), {@code norm_topk_prob} (false), {@code decoder_sparse_step} (1), {@code
 * mlp_only_layers} (none), {@code use_sliding_window} (false) with {@code sliding_window} (4096) for all layers.
 */
public final class Qwen3MoeFamily extends DecoderFamily {
    public Qwen3MoeFamily() {
        super("qwen3_moe", "Qwen3Moe");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.experts()
                .taskHeads("transformer", "score")
                .attentionBias(parts -> parts.headNorms(decoder::norm))
                .mlp(layer -> isSparse(config, layer, 128) ? mixture(config, decoder) : decoder.gatedMlp(Bias.WITHOUT))
                .window(layer -> config.flag("use_sliding_window", false) ? config.size("sliding_window", 4096) : 0);
    }

    /** @param experts how many there are where config.json does not say */
    static boolean isSparse(ModelConfig config, int layer, int experts) {
        boolean isDense = config.numbers("mlp_only_layers").contains((double) layer)
                || config.integer(ExpertMixture.countKey(config), experts) == 0;
        return !isDense && (layer + 1) % config.size("decoder_sparse_step", 1) == 0;
    }

    private static ExpertMixture mixture(ModelConfig config, Decoder decoder) {
        int inner = config.size("moe_intermediate_size", 768);
        return ExpertMixture.of(
                config, "Qwen3MoeSparseMoeBlock", decoder.shape(), 8, 128, () -> decoder.gatedMlp(inner, Bias.WITHOUT));
    }
}
