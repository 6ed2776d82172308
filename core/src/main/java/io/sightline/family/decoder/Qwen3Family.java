package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.SlidingWindows;

/**
 * Qwen3: Llama with RMS norms on each head of queries and keys before they are turned ({@code self_attn.q_norm.weight}, {@code k_norm.weight}
 * [head_dim]). Config keys: those of Llama ({@code head_dim} is 128 where absent; {@code attention_bias} false; no {@code mlp_bias}) and the
 * windows of Qwen2.
 */
public final class Qwen3Family extends DecoderFamily {
    public Qwen3Family() {
        super("qwen3", "Qwen3");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.headDim(128)
                .taskHeads("transformer", "score")
                .attentionBias(parts -> parts.headNorms(decoder::norm))
                .window(layer -> SlidingWindows.ofUpperLayers(config, layer));
    }
}
