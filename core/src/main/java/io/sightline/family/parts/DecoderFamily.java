package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Embedding;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What Llama-like models share: a decoder of equal layers with rotary positions, RMS norms and a gated MLP. An architecture of this kind
 * names its {@code model_type} and the prefix of its classes, and overrides the parts in which it differs.
 *
 * <p>Weights: {@code model.embed_tokens.weight} [vocab, hidden]; for each layer {@code model.layers.N.} {@code self_attn.q_proj}, {@code
 * k_proj}, {@code v_proj}, {@code o_proj}, {@code mlp.gate_proj}, {@code up_proj}, {@code down_proj} ({@code .weight} [out, in], {@code .bias} where
 * there is one), {@code input_layernorm.weight}, {@code post_attention_layernorm.weight}; {@code model.norm.weight}; {@code lm_head.weight}
 * unless tied. The prefix {@code model.} may be missing; {@code rotary_emb.inv_freq} is passed over.
 */
public abstract class DecoderFamily implements Family {
    private final String modelType;
    private final String classPrefix;

    /** @param classPrefix {@code Llama} for {@code LlamaForCausalLM} and the classes in it */
    protected DecoderFamily(String modelType, String classPrefix) {
        this.modelType = modelType;
        this.classPrefix = classPrefix;
    }

    @Override
    public final Set<String> modelTypes() {
        return Set.of(modelType);
    }

    /** {@code className("MLP")} is {@code LlamaMLP}. */
    protected final String className(String suffix) {
        return classPrefix + suffix;
    }

    @Override
    public final Module build(ModelConfig config, AttentionKind attention) {
        DecoderShape shape = shape(config);
        List<Module> layers = new ArrayList<>();
        List<Long> windows = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            layers.add(layer(config, shape, i, attention));
            windows.add(window(config, i));
        }
        DecoderModel.Parts parts = new DecoderModel.Parts(
                new Embedding(shape.vocabulary(), shape.width(), shape.paddingId()),
                layers,
                norm(shape, shape.width()),
                new RotaryEmbedding(className("RotaryEmbedding"), rope(config, shape)),
                windows);
        Linear head = new Linear(shape.width(), shape.vocabulary(), Linear.Bias.WITHOUT);
        return causalLm(config, model(config, shape, parts, attention), head);
    }

    /** The sizes. */
    protected DecoderShape shape(ModelConfig config) {
        return DecoderShape.of(config);
    }

    /** The rotary embedding, which turns whole heads here. */
    protected RopeParameters rope(ModelConfig config, DecoderShape shape) {
        return RopeParameters.ofWholeHead(config, shape.headDim(), 10_000);
    }

    /** The whole model. */
    protected Module causalLm(ModelConfig config, Module model, Linear head) {
        return new CausalLm(className("ForCausalLM"), model, head);
    }

    /** The base model. */
    protected Module model(ModelConfig config, DecoderShape shape, DecoderModel.Parts parts, AttentionKind attention) {
        return new DecoderModel(className("Model"), parts, attention);
    }

    /** One layer. */
    protected Module layer(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return new DecoderLayer(
                className("DecoderLayer"),
                attention(config, shape, layer, attention),
                "mlp",
                mlp(config, shape, layer),
                norm(shape, shape.width()),
                norm(shape, shape.width()));
    }

    /** A layer's attention. */
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return RotaryAttention.of(className("Attention"), layer, shape).build(attention);
    }

    /** A layer's MLP. */
    protected Module mlp(ModelConfig config, DecoderShape shape, int layer) {
        return new GatedMlp(className("MLP"), shape.width(), shape.inner(), shape.activation(), Linear.Bias.WITHOUT);
    }

    /** A norm over {@code size} numbers. */
    protected Module norm(DecoderShape shape, int size) {
        return new RmsNorm(className("RMSNorm"), size, shape.epsilon());
    }

    /** How many tokens a layer looks back at, its own included; 0 for all. */
    protected long window(ModelConfig config, int layer) {
        return 0;
    }

    /** Whether the head shares the embedding's weight where config.json does not say. */
    protected boolean tiesByDefault() {
        return false;
    }

    @Override
    public final WeightNames weightNames(ModelConfig config) {
        WeightNames.Builder names = WeightNames.withBasePrefix("model").ignore("rotary_emb\\.inv_freq$");
        addWeightNames(config, names);
        if (config.flag("tie_word_embeddings", tiesByDefault())) {
            names.tie("lm_head.weight", "model.embed_tokens.weight");
        }
        return names.build();
    }

    /** Adds this architecture's own differences between checkpoint and module tree. */
    protected void addWeightNames(ModelConfig config, WeightNames.Builder names) {}
}
