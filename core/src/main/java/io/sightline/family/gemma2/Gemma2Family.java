package io.sightline.family.gemma2;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.GatedMlp;
import io.sightline.family.parts.RmsNorm;
import io.sightline.family.parts.RotaryAttention;
import io.sightline.family.parts.ScaledEmbeddingModel;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds Gemma 2. */
public final class Gemma2Family extends DecoderFamily {
    public Gemma2Family() {
        super("gemma2", "Gemma2");
    }

    @Override
    protected Module causalLm(ModelConfig config, Module model, Linear head) {
        return new Gemma2ForCausalLM(model, head, cap(config, "final_logit_softcapping", 30));
    }

    @Override
    protected DecoderShape shape(ModelConfig config) {
        return DecoderShape.of(config, 256);
    }

    @Override
    protected Module model(ModelConfig config, DecoderShape shape, DecoderModel.Parts parts, AttentionKind attention) {
        return new Gemma2Model(parts, attention, shape.width());
    }

    @Override
    protected Module layer(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return new Gemma2DecoderLayer(
                attention(config, shape, layer, attention),
                mlp(config, shape, layer),
                () -> norm(shape, shape.width()));
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        Linear.Bias bias = Linear.Bias.of(config.flag("attention_bias", false));
        double scaling = Math.pow(config.number("query_pre_attn_scalar", 256), -0.5);
        double cap = cap(config, "attn_logit_softcapping", 50);
        return RotaryAttention.of("Gemma2Attention", layer, shape)
                .bias(bias, bias)
                .core(new AttentionCore(scaling, cap, AttentionCore.Direction.CAUSAL))
                .build(attention);
    }

    @Override
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        String activation = config.string("hidden_activation", "gelu_pytorch_tanh");
        return new GatedMlp("Gemma2MLP", shape.width(), shape.inner(), activation, Linear.Bias.WITHOUT);
    }

    @Override
    protected Module norm(DecoderShape shape, int size) {
        return new RmsNorm("Gemma2RMSNorm", size, shape.epsilon(), RmsNorm.Scale.ONE_PLUS_WEIGHT);
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return SlidingWindows.ofEveryOtherLayer(config, layer);
    }

    @Override
    protected boolean tiesByDefault() {
        return true;
    }

    /** A cap that is null in the config is none. */
    private static double cap(ModelConfig config, String key, double otherwise) {
        return config.isNull(key) ? 0 : config.number(key, otherwise);
    }

    /** Gemma 2's base model. */
    private static final class Gemma2Model extends ScaledEmbeddingModel {
        Gemma2Model(DecoderModel.Parts parts, AttentionKind attention, int width) {
            super("Gemma2Model", parts, attention, width);
        }

        @Override
        protected void addLayerKeywords(Map<String, @Nullable Object> keywords, DecoderCall call, boolean usesCache) {
            keywords.put("output_attentions", call.isTrue("output_attentions"));
            keywords.put("use_cache", usesCache);
        }
    }
}
