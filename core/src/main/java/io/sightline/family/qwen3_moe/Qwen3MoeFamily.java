package io.sightline.family.qwen3_moe;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.ExpertCausalLm;
import io.sightline.family.parts.ExpertMixture;
import io.sightline.family.parts.ExpertModel;
import io.sightline.family.parts.GatedMlp;
import io.sightline.family.parts.RotaryAttention;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;

/** Builds Qwen3 MoE. */
public final class Qwen3MoeFamily extends DecoderFamily {
    public Qwen3MoeFamily() {
        super("qwen3_moe", "Qwen3Moe");
    }

    @Override
    protected Module causalLm(ModelConfig config, Module model, Linear head) {
        return new ExpertCausalLm("Qwen3MoeForCausalLM", model, head);
    }

    @Override
    protected Module model(ModelConfig config, DecoderShape shape, DecoderModel.Parts parts, AttentionKind attention) {
        return new ExpertModel("Qwen3MoeModel", parts, attention);
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        Linear.Bias bias = Linear.Bias.of(config.flag("attention_bias", false));
        return RotaryAttention.of("Qwen3MoeAttention", layer, shape)
                .bias(bias, bias)
                .queryKeyNorm("Qwen3MoeRMSNorm")
                .build(attention);
    }

    @Override
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        // Saved by transformers 5, the count goes by Mixtral's name.
        String key = config.has("num_experts") ? "num_experts" : "num_local_experts";
        if (!isSparse(config, layer) || config.integer(key, 128) == 0) {
            return expert(shape, shape.inner());
        }
        int count = shape.checkExpertCount(config, config.count(key, 128));
        List<Module> experts = new ArrayList<>();
        int inner = config.size("moe_intermediate_size", 768);
        for (int i = 0; i < count; i++) {
            experts.add(expert(shape, inner));
        }
        ExpertMixture.Weights weights = config.flag("norm_topk_prob", false)
                ? ExpertMixture.Weights.RENORMALISED
                : ExpertMixture.Weights.AS_THEY_ARE;
        return new ExpertMixture(
                "Qwen3MoeSparseMoeBlock", shape.width(), config.size("num_experts_per_tok", 8), weights, experts);
    }

    private static boolean isSparse(ModelConfig config, int layer) {
        boolean isDense = config.numbers("mlp_only_layers").contains((double) layer);
        return !isDense && (layer + 1) % config.size("decoder_sparse_step", 1) == 0;
    }

    private static Module expert(DecoderShape shape, int inner) {
        return new GatedMlp("Qwen3MoeMLP", shape.width(), inner, shape.activation(), Linear.Bias.WITHOUT);
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return config.flag("use_sliding_window", false) ? config.size("sliding_window", 4096) : 0;
    }
}
