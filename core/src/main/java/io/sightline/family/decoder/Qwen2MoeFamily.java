package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.ExpertMixture;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.Linear.Bias;
import io.sightline.nn.Module;

/**
 * Qwen1.5 and Qwen2 MoE: Qwen2 with a sparse mixture of experts, and beside it an expert that all tokens go through ({@code mlp.shared_expert}, whose
 * output is weighted by the sigmoid of {@code mlp.shared_expert_gate}). Config keys: Qwen2's ({@code qkv_bias} true), {@code num_experts} (60), {@code
 * num_experts_per_tok} (4), {@code moe_intermediate_size} (1408), {@code shared_expert_intermediate_size} (5632), {@code norm_topk_prob} (false), {@code
 * decoder_sparse_step} (1), {@code mlp_only_layers} (none); with {@code use_sliding_window} (false) every other layer below {@code
 * max_window_layers} (28) slides, the first included. The tree is that of transformers 4.57: experts are modules.
 */
public final class Qwen2MoeFamily extends DecoderFamily {
    public Qwen2MoeFamily() {
        super("qwen2_moe", "Qwen2Moe");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        Bias bias = Bias.of(config.flag("qkv_bias", true));
        decoder.experts()
                .attention((layer, parts) -> parts.bias(bias, Bias.WITHOUT))
                .mlp(layer -> Qwen3MoeFamily.isSparse(config, layer, 60)
                        ? mixture(config, decoder)
                        : decoder.gatedMlp(Bias.WITHOUT))
                .window(layer -> window(config, layer));
    }

    private static Module mixture(ModelConfig config, Decoder decoder) {
        int inner = config.size("moe_intermediate_size", 1408);
        return ExpertMixture.of(
                        config,
                        "Qwen2MoeSparseMoeBlock",
                        decoder.shape(),
                        4,
                        60,
                        () -> decoder.gatedMlp(inner, Bias.WITHOUT))
                .withShared(
                        decoder.gatedMlp(config.size("shared_expert_intermediate_size", 5632), Bias.WITHOUT),
                        decoder.shape().width());
    }

    private static long window(ModelConfig config, int layer) {
        boolean slides = config.flag("use_sliding_window", false)
                && (config.has("layer_types") || layer < config.integer("max_window_layers", 28));
        return slides ? SlidingWindows.ofEveryOtherLayer(config, layer) : 0;
    }
}
