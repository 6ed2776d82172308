package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.CausalLm;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderLayer.Returns;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.SlidingWindows;

/**
 * Gemma 2: Gemma with norms before and after attention and MLP ({@code pre_feedforward_layernorm}, {@code post_feedforward_layernorm}), capped
 * attention scores and logits, and a sliding window in every other layer. Where scores are capped both attention kinds compute them so:
 * transformers' sdpa drops the cap, which is not what the config means.
 *
 * <p>Config keys beyond Gemma's: {@code hidden_activation} (gelu_pytorch_tanh), {@code query_pre_attn_scalar} (256), {@code
 * attn_logit_softcapping} (50, null for none), {@code final_logit_softcapping} (30, null for none), {@code sliding_window} (4096), {@code
 * layer_types} (alternating, the first slides).
 */
public final class Gemma2Family extends DecoderFamily {
    public Gemma2Family() {
        super("gemma2", "Gemma2");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        double scaling = Math.pow(config.number("query_pre_attn_scalar", 256), -0.5);
        double cap = cap(config, "attn_logit_softcapping", 50);
        AttentionCore core = new AttentionCore(scaling, cap, AttentionCore.Direction.CAUSAL);
        GemmaFamily.scaled(GemmaFamily.likeGemma(config, decoder, "hidden_activation"))
                .attentionBias(parts -> parts.core(core))
                .layer(layer -> sandwich(decoder, layer).returns(Returns.TUPLE))
                .window(layer -> SlidingWindows.ofEveryOtherLayer(config, layer))
                .model(model -> model.layersReturn(Returns.TUPLE)
                        .layerKeywords(
                                "attention_mask",
                                "position_ids",
                                "past_key_values",
                                "cache_position",
                                "position_embeddings",
                                "output_attentions",
                                "use_cache"))
                .head(head -> head.logits(CausalLm.cappedBy(cap(config, "final_logit_softcapping", 30))));
    }

    /** A layer with norms before and after attention and MLP. */
    static DecoderLayer.Builder sandwich(Decoder decoder, int layer) {
        return decoder.layerOf(layer)
                .in(Slot.BEFORE_ATTENTION, "input_layernorm", decoder.norm())
                .in(Slot.AFTER_ATTENTION, "post_attention_layernorm", decoder.norm())
                .in(Slot.BEFORE_MLP, "pre_feedforward_layernorm", decoder.norm())
                .in(Slot.AFTER_MLP, "post_feedforward_layernorm", decoder.norm());
    }

    /** A cap that is null in the config is none. */
    static double cap(ModelConfig config, String key, double otherwise) {
        return config.isNull(key) ? 0 : config.number(key, otherwise);
    }
}
