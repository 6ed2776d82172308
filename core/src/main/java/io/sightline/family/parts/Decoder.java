package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Embedding;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A decoder by its switches. Until a switch is set it is Llama without biases: RMS norms before attention and MLP, rotary positions on whole
 * heads, a gated MLP, an untied head. Class names start with the family's prefix. Switches that are functions are asked when the model is
 * built, so their order does not matter.
 */
public final class Decoder {
    private final String prefix;
    private final ModelConfig config;
    private final AttentionKind kind;
    private Supplier<DecoderShape> shape;
    private @Nullable DecoderShape known;
    private IntFunction<Module> norm = size -> new RmsNorm(className("RMSNorm"), size, shape().epsilon());
    private BiConsumer<Integer, AttentionParts> attention = (layer, parts) -> {};
    private String attentionClass = "Attention";
    private String mlpName = "mlp";
    private IntFunction<Module> mlp = layer -> gatedMlp(Linear.Bias.WITHOUT);
    private IntFunction<DecoderLayer.Builder> layer = this::preNormLayer;
    private IntToLongFunction window = layer -> 0;
    private Supplier<Map<String, RopeParameters>> ropes;
    private Rotation rotation = Rotation.HALVES;
    private Supplier<DecoderModel.Builder> model = this::llamaModel;
    private Supplier<Embedding> embedding =
            () -> new Embedding(shape().vocabulary(), shape().width(), shape().paddingId());
    private Consumer<DecoderModel.Builder> modelSwitches = builder -> {};
    private final DecoderHead head;

    Decoder(String prefix, ModelConfig config, AttentionKind kind) {
        this.prefix = prefix;
        this.config = config;
        this.kind = kind;
        head = new DecoderHead(config, prefix);
        shape = () -> DecoderShape.of(config);
        ropes = () -> Map.of("", RopeParameters.ofWholeHead(config, shape().headDim(), 10_000));
    }

    // ---- what switches are written with

    /** {@code className("MLP")} is {@code LlamaMLP}. */
    public String className(String suffix) {
        return prefix + suffix;
    }

    public DecoderShape shape() {
        DecoderShape now = known;
        if (now == null) {
            now = shape.get();
            known = now;
        }
        return now;
    }

    public Module norm(int size) {
        return norm.apply(size);
    }

    /** A norm over the hidden size. */
    public Module norm() {
        return norm(shape().width());
    }

    public Module gatedMlp(Linear.Bias bias) {
        return gatedMlp(shape().inner(), bias);
    }

    public Module gatedMlp(int inner, Linear.Bias bias) {
        return Mlp.gated(className("MLP"), shape().width(), inner, shape().activation(), bias);
    }

    /** An MLP whose gate and other half are one layer, {@code gate_up_proj}. */
    public Module fusedGateMlp() {
        return Mlp.of(className("MLP"), shape().width(), shape().inner())
                .gateUp("gate_up_proj")
                .down("down_proj")
                .activation("activation_fn", shape().activation())
                .build();
    }

    public Module attention(int layer) {
        AttentionParts parts =
                AttentionParts.of(className(attentionClass), layer, shape()).rotation(rotation);
        attention.accept(layer, parts);
        return parts.build(kind);
    }

    /** Llama's layer. */
    public DecoderLayer.Builder preNormLayer(int layer) {
        return layerOf(layer)
                .in(Slot.BEFORE_ATTENTION, "input_layernorm", norm())
                .in(Slot.BEFORE_MLP, "post_attention_layernorm", norm());
    }

    /** A layer of {@code self_attn} and MLP that has no norms yet. */
    public DecoderLayer.Builder layerOf(int layer) {
        return DecoderLayer.of(className("DecoderLayer"))
                .attention("self_attn", attention(layer))
                .mlp(mlpName, mlp.apply(layer));
    }

    public Module mlp(int layer) {
        return mlp.apply(layer);
    }

    private DecoderModel.Builder llamaModel() {
        return modelOf()
                .embedding("embed_tokens", embedding())
                .layers("layers", layers(), windows())
                .norm("norm", norm())
                .rotary("rotary_emb", rotaryEmbedding());
    }

    /** A base model that has no children yet. */
    public DecoderModel.Builder modelOf() {
        return DecoderModel.of(className(head.modelClass), kind);
    }

    public Embedding embedding() {
        return embedding.get();
    }

    public List<Module> layers() {
        List<Module> all = new ArrayList<>();
        for (int i = 0; i < shape().layers(); i++) {
            all.add(layer.apply(i).build());
        }
        return all;
    }

    public List<Long> windows() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < shape().layers(); i++) {
            all.add(window.applyAsLong(i));
        }
        return all;
    }

    public RotaryEmbedding rotaryEmbedding() {
        return new RotaryEmbedding(className("RotaryEmbedding"), rotation, ropes.get());
    }

    // ---- switches

    public Decoder shape(Supplier<DecoderShape> shape) {
        this.shape = shape;
        known = null;
        return this;
    }

    /** A head's width where config.json has none. */
    public Decoder headDim(int headDim) {
        return shape(() -> DecoderShape.of(config, headDim));
    }

    /** {@code rms_norm_eps} where config.json has none. */
    public Decoder epsilon(double otherwise) {
        return shape(() -> DecoderShape.of(config).withEpsilon(config.number("rms_norm_eps", otherwise)));
    }

    /** Every norm, from the size that it is over. */
    public Decoder norms(IntFunction<Module> norm) {
        this.norm = norm;
        return this;
    }

    /** RMS norms that scale otherwise. */
    public Decoder rmsNorms(RmsNorm.Scale scale) {
        return norms(size -> new RmsNorm(className("RMSNorm"), size, shape().epsilon(), scale));
    }

    /** torch's layer norm with weight and bias, its epsilon under {@code key}. */
    public Decoder layerNorms(String key, double otherwise) {
        return layerNorms(key, otherwise, LayerNorm.Affine.WEIGHT_AND_BIAS);
    }

    /** torch's layer norm, its epsilon under {@code key}. */
    public Decoder layerNorms(String key, double otherwise, LayerNorm.Affine affine) {
        return norms(size -> new LayerNorm(new long[] {size}, config.number(key, otherwise), affine));
    }

    /** Another class of the attention than the prefix and {@code Attention}. */
    public Decoder attentionClass(String suffix) {
        this.attentionClass = suffix;
        return this;
    }

    /** Attention by layer. */
    public Decoder attention(BiConsumer<Integer, AttentionParts> attention) {
        this.attention = attention;
        return this;
    }

    /** Attention that has biases everywhere where config.json's {@code attention_bias} is true. */
    public Decoder attentionBias() {
        return attentionBias(parts -> {});
    }

    /** As {@link #attentionBias()}, with more switches. */
    public Decoder attentionBias(Consumer<AttentionParts> more) {
        Linear.Bias bias = Linear.Bias.of(config.flag("attention_bias", false));
        return attention((layer, parts) -> more.accept(parts.bias(bias, bias)));
    }

    /** The MLP by layer. */
    public Decoder mlp(IntFunction<Module> mlp) {
        this.mlp = mlp;
        return this;
    }

    public Decoder mlp(String name, IntFunction<Module> mlp) {
        this.mlpName = name;
        return mlp(mlp);
    }

    /** The whole layer. */
    public Decoder layer(IntFunction<DecoderLayer.Builder> layer) {
        this.layer = layer;
        return this;
    }

    /** How many tokens a layer looks back at, its own included; 0 for all. */
    public Decoder window(IntToLongFunction window) {
        this.window = window;
        return this;
    }

    /** The rotary embedding on whole heads, with the base where config.json has none. */
    public Decoder ropeBase(double base) {
        return rope(() -> RopeParameters.ofWholeHead(config, shape().headDim(), base));
    }

    public Decoder rope(Supplier<RopeParameters> rope) {
        return ropeKinds(() -> Map.of("", rope.get()));
    }

    /** Rotary embeddings by {@code layer_type}. */
    public Decoder ropeKinds(Supplier<Map<String, RopeParameters>> ropes) {
        this.ropes = ropes;
        return this;
    }

    public Decoder rotation(Rotation rotation) {
        this.rotation = rotation;
        return this;
    }

    /** The base model, its name in the whole one, and the path in it of the token embeddings. */
    public Decoder model(String name, String embeddingPath, Supplier<DecoderModel.Builder> model) {
        head.baseName = name;
        head.spansBaseName = name;
        head.embeddingPath = embeddingPath;
        this.model = model;
        return this;
    }

    /** Another class of the base model than the prefix and {@code Model}. */
    public Decoder modelClass(String suffix) {
        head.modelClass = suffix;
        return this;
    }

    /** The module that embeds tokens. */
    public Decoder embedding(Supplier<Embedding> embedding) {
        this.embedding = embedding;
        return this;
    }

    /** More switches of the base model. */
    public Decoder model(Consumer<DecoderModel.Builder> switches) {
        modelSwitches = modelSwitches.andThen(switches);
        return this;
    }

    /** The model's class suffix, the head's name, and its bias. */
    public Decoder head(String classSuffix, String name, Linear.Bias bias) {
        head.headClass = classSuffix;
        head.headName = name;
        head.bias = bias;
        return this;
    }

    /** Names in models with other heads: of the base model in one for questions and answers, and of a token classifier. */
    public Decoder taskHeads(String spansBaseName, String tokenHeadName) {
        head.spansBaseName = spansBaseName;
        head.tokenHeadName = tokenHeadName;
        return this;
    }

    /** More switches of the head. */
    public Decoder head(UnaryOperator<CausalLm.Switches> switches) {
        UnaryOperator<CausalLm.Switches> before = head.switches;
        head.switches = given -> switches.apply(before.apply(given));
        return this;
    }

    /** A mixture of experts: layers are told {@code output_router_logits}, outputs are of the classes for such models. */
    public Decoder experts() {
        return head(switches -> switches.returning("MoeCausalLMOutputWithPast"))
                .model(builder ->
                        builder.outputClass("MoeModelOutputWithPast").moreLayerKeyword("output_router_logits"));
    }

    /** The head shares the embedding's weight where config.json does not say. */
    public Decoder tiedByDefault() {
        head.tiedByDefault = true;
        return this;
    }

    /** Adds this architecture's own differences between checkpoint and module tree. */
    public Decoder weightNames(Consumer<WeightNames.Builder> names) {
        head.names = names;
        return this;
    }

    // ---- the model

    Module build() {
        DecoderModel.Builder base = model.get();
        modelSwitches.accept(base);
        return head.around(base.build(), shape());
    }

    ModelConfig fitted(Set<String> tensors) {
        return head.fitted(tensors);
    }

    WeightNames weightNames() {
        return head.weightNames();
    }
}
