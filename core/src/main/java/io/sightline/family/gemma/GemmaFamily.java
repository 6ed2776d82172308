package io.sightline.family.gemma;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.GatedMlp;
import io.sightline.family.parts.RmsNorm;
import io.sightline.family.parts.RotaryAttention;
import io.sightline.family.parts.ScaledEmbeddingModel;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Builds Gemma. */
public final class GemmaFamily extends DecoderFamily {
    public GemmaFamily() {
        super("gemma", "Gemma");
    }

    @Override
    protected DecoderShape shape(ModelConfig config) {
        return DecoderShape.of(config, 256);
    }

    @Override
    protected Module model(ModelConfig config, DecoderShape shape, DecoderModel.Parts parts, AttentionKind attention) {
        return new GemmaModel(parts, attention, shape.width());
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        Linear.Bias bias = Linear.Bias.of(config.flag("attention_bias", false));
        return RotaryAttention.of("GemmaAttention", layer, shape)
                .bias(bias, bias)
                .build(attention);
    }

    @Override
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        String activation = config.string("hidden_act", "gelu_pytorch_tanh");
        return new GatedMlp("GemmaMLP", shape.width(), shape.inner(), activation, Linear.Bias.WITHOUT);
    }

    @Override
    protected Module norm(DecoderShape shape, int size) {
        return new RmsNorm("GemmaRMSNorm", size, shape.epsilon(), RmsNorm.Scale.ONE_PLUS_WEIGHT);
    }

    @Override
    protected boolean tiesByDefault() {
        return true;
    }

    /** Gemma's base model. */
    private static final class GemmaModel extends ScaledEmbeddingModel {
        GemmaModel(DecoderModel.Parts parts, AttentionKind attention, int width) {
            super("GemmaModel", parts, attention, width);
        }
    }
}
