package io.sightline.family.mixtral;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.ExpertCausalLm;
import io.sightline.family.parts.ExpertMixture;
import io.sightline.family.parts.ExpertModel;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;

/** Builds Mixtral. */
public final class MixtralFamily extends DecoderFamily {
    public MixtralFamily() {
        super("mixtral", "Mixtral");
    }

    @Override
    protected DecoderShape shape(ModelConfig config) {
        return DecoderShape.of(config).withEpsilon(config.number("rms_norm_eps", 1e-5));
    }

    @Override
    protected RopeParameters rope(ModelConfig config, DecoderShape shape) {
        return RopeParameters.ofWholeHead(config, shape.headDim(), 1_000_000);
    }

    @Override
    protected Module causalLm(ModelConfig config, Module model, Linear head) {
        return new ExpertCausalLm("MixtralForCausalLM", model, head);
    }

    @Override
    protected Module model(ModelConfig config, DecoderShape shape, DecoderModel.Parts parts, AttentionKind attention) {
        return new ExpertModel("MixtralModel", parts, attention);
    }

    @Override
    protected Module layer(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return new DecoderLayer(
                "MixtralDecoderLayer",
                attention(config, shape, layer, attention),
                "block_sparse_moe",
                mlp(config, shape, layer),
                norm(shape, shape.width()),
                norm(shape, shape.width()));
    }

    @Override
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        List<Module> experts = new ArrayList<>();
        int count = shape.checkExpertCount(config, config.count("num_local_experts", 8));
        for (int i = 0; i < count; i++) {
            experts.add(new MixtralBlockSparseTop2MLP(shape.width(), shape.inner(), shape.activation()));
        }
        int topK = config.size("num_experts_per_tok", 2);
        return new ExpertMixture(
                "MixtralSparseMoeBlock", shape.width(), topK, ExpertMixture.Weights.RENORMALISED, experts);
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return config.has("sliding_window") ? config.size("sliding_window") : 0;
    }
}
