package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderLayer.Residual;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.Dropout;
import io.sightline.nn.Linear.Bias;
import io.sightline.nn.Module;

/**
 * Phi-1, 1.5 and 2: attention and MLP side by side after one norm, rotary positions on part of each head, biases everywhere, {@code
 * self_attn.dense} for the output, {@code mlp.fc1} and {@code fc2}. Config keys: Llama's sizes, {@code hidden_act} (gelu_new), {@code layer_norm_eps}
 * (1e-5), {@code partial_rotary_factor} (0.5); {@code resid_pdrop} and {@code embd_pdrop} (0) show in the tree only; {@code qk_layernorm} is refused.
 */
public final class PhiFamily extends DecoderFamily {
    public PhiFamily() {
        super("phi", "Phi");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        if (config.flag("qk_layernorm", false)) {
            throw config.error("qk_layernorm is not supported for phi");
        }
        double part = config.number("partial_rotary_factor", 0.5);
        double base = config.number("rope_theta", 10_000);
        decoder.layerNorms("layer_norm_eps", 1e-5)
                .rope(() -> RopeParameters.ofPartOfHead(config, decoder.shape().headDim(), part, base))
                .attention((layer, parts) ->
                        parts.bias(Bias.WITH, Bias.WITH).projections("q_proj", "k_proj", "v_proj", "dense"))
                .mlp(layer -> mlp(config, decoder.shape()))
                .layer(layer -> layer(config, decoder, layer))
                .model("model", "embed_tokens", () -> model(config, decoder))
                .head("ForCausalLM", "lm_head", Bias.WITH);
    }

    private static Module mlp(ModelConfig config, DecoderShape shape) {
        return Mlp.of("PhiMLP", shape.width(), shape.inner())
                .bias(Bias.WITH)
                .activation("activation_fn", config.string("hidden_act", "gelu_new"))
                .up("fc1")
                .down("fc2")
                .build();
    }

    private static DecoderLayer.Builder layer(ModelConfig config, Decoder decoder, int layer) {
        Dropout dropout = new Dropout(config.number("resid_pdrop", 0));
        return decoder.layerOf(layer)
                .in(Slot.BEFORE_ATTENTION, "input_layernorm", decoder.norm())
                .in(Slot.AFTER_ATTENTION, "resid_dropout", dropout)
                .in(Slot.AFTER_MLP, "resid_dropout", dropout)
                .residual(Residual.PARALLEL);
    }

    private static DecoderModel.Builder model(ModelConfig config, Decoder decoder) {
        return decoder.modelOf()
                .embedding("embed_tokens", decoder.embedding())
                .layers("layers", decoder.layers(), decoder.windows())
                .rotary("rotary_emb", decoder.rotaryEmbedding())
                .dropout("embed_dropout", config.number("embd_pdrop", 0))
                .norm("final_layernorm", decoder.norm());
    }
}
