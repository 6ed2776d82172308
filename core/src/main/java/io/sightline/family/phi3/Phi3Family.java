package io.sightline.family.phi3;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Builds Phi-3. */
public final class Phi3Family extends DecoderFamily {
    public Phi3Family() {
        super("phi3", "Phi3");
    }

    @Override
    protected DecoderShape shape(ModelConfig config) {
        return DecoderShape.of(config).withEpsilon(config.number("rms_norm_eps", 1e-5));
    }

    @Override
    protected RopeParameters rope(ModelConfig config, DecoderShape shape) {
        double part = config.number("partial_rotary_factor", 1);
        return RopeParameters.ofPartOfHead(config, shape.headDim(), part, config.number("rope_theta", 10_000));
    }

    @Override
    protected Module causalLm(ModelConfig config, Module model, Linear head) {
        return new Phi3ForCausalLM(model, head, rope(config, shape(config)));
    }

    @Override
    protected Module layer(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return new Phi3DecoderLayer(
                attention(config, shape, layer, attention),
                mlp(config, shape, layer),
                norm(shape, shape.width()),
                norm(shape, shape.width()),
                config.number("resid_pdrop", 0));
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return new Phi3Attention(shape, layer, attention);
    }

    @Override
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        return new Phi3MLP(shape.width(), shape.inner(), shape.activation());
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return config.has("sliding_window") ? config.size("sliding_window") : 0;
    }
}
