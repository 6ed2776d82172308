package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.AttentionCore.Direction;
import io.sightline.family.parts.CausalLm;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RopeParameters;
import io.sightline.family.parts.ScaledEmbedding;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.Embedding;

/**
 * Gemma 3 (text): Gemma 2's layers with norms on each head of queries and keys, a sliding window on all but every sixth layer, and rotary
 * embeddings of their own for layers with a window. Config keys beyond Gemma 2's: {@code layer_types}, or {@code sliding_window_pattern} (6); {@code
 * rope_parameters} by layer type, or {@code rope_theta} (1,000,000) with {@code rope_scaling}, and {@code rope_local_base_freq} (10,000) of layers with a
 * window; both caps are none where absent. {@code use_bidirectional_attention} is refused. The token embeddings are scaled by the module that embeds
 * them; the rotary embedding is one module that is called for each layer type, as in transformers 5.
 */
public final class Gemma3Family extends DecoderFamily {
    public Gemma3Family() {
        super("gemma3_text", "Gemma3");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        if (config.flag("use_bidirectional_attention", false)) {
            throw config.error("use_bidirectional_attention is not supported: only a causal Gemma 3 is");
        }
        int pattern = config.size("sliding_window_pattern", 6);
        double scaling = Math.pow(config.number("query_pre_attn_scalar", 256), -0.5);
        AttentionCore core =
                new AttentionCore(scaling, Gemma2Family.cap(config, "attn_logit_softcapping", 0), Direction.CAUSAL);
        GemmaFamily.likeGemma(config, decoder, "hidden_activation")
                .attentionBias(parts -> parts.headNorms(decoder::norm).core(core))
                .layer(layer -> Gemma2Family.sandwich(decoder, layer))
                .window(layer -> SlidingWindows.ofAllButEvery(pattern, config, layer))
                .modelClass("TextModel")
                .embedding(() -> embedding(decoder.shape()))
                .ropeKinds(() -> RopeParameters.ofLayerTypes(
                        config, decoder.shape().headDim(), 1_000_000, config.number("rope_local_base_freq", 10_000)))
                .model(model -> model.rotaryKinds(
                        SlidingWindows.kinds(pattern, config, decoder.shape().layers())))
                .head(head -> head.logits(CausalLm.cappedBy(Gemma2Family.cap(config, "final_logit_softcapping", 0))));
    }

    private static Embedding embedding(DecoderShape shape) {
        return new ScaledEmbedding(
                "Gemma3TextScaledWordEmbedding",
                shape.vocabulary(),
                shape.width(),
                shape.paddingId(),
                Math.sqrt(shape.width()));
    }
}
