package io.sightline.family.llama;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.GatedMlp;
import io.sightline.family.parts.RotaryAttention;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Builds Llama. */
public final class LlamaFamily extends DecoderFamily {
    public LlamaFamily() {
        super("llama", "Llama");
    }

    @Override
    protected Module model(ModelConfig config, DecoderShape shape, DecoderModel.Parts parts, AttentionKind attention) {
        return new LlamaModel(parts, attention);
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        Linear.Bias bias = Linear.Bias.of(config.flag("attention_bias", false));
        return RotaryAttention.of("LlamaAttention", layer, shape)
                .bias(bias, bias)
                .build(attention);
    }

    @Override
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        Linear.Bias bias = Linear.Bias.of(config.flag("mlp_bias", false));
        return new GatedMlp("LlamaMLP", shape.width(), shape.inner(), shape.activation(), bias);
    }
}
