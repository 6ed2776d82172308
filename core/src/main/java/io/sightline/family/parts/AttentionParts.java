package io.sightline.family.parts;

import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Conv1D;
import io.sightline.nn.Dropout;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one architecture's {@link SelfAttention} is made of. Children stand in the order of the calls that add them; without any there are Llama's
 * four projections, {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj}.
 */
public final class AttentionParts {
    final String className;
    final int layer;
    final DecoderShape shape;
    final Map<String, Module> children = new LinkedHashMap<>();
    final Map<Character, Module> projections = new LinkedHashMap<>();
    Rotation rotation = Rotation.HALVES;
    int groups = 1;
    double clip;
    boolean normsHeads;
    boolean hidesProbabilities;

    @Nullable
    Module fused;

    @Nullable
    Module queryNorm;

    @Nullable
    Module keyNorm;

    @Nullable
    Module probabilitiesDropout;

    @Nullable
    Module outputDropout;

    @Nullable
    AttentionCore core;

    private Linear.Bias inputBias = Linear.Bias.WITHOUT;
    private Linear.Bias outputBias = Linear.Bias.WITHOUT;

    private AttentionParts(String className, int layer, DecoderShape shape) {
        this.className = className;
        this.layer = layer;
        this.shape = shape;
    }

    /** @param layer its number, which is its place in the cache */
    public static AttentionParts of(String className, int layer, DecoderShape shape) {
        return new AttentionParts(className, layer, shape);
    }

    /** Biases of the projections that are added after this: of those to queries, keys and values, and of the one to the output. */
    public AttentionParts bias(Linear.Bias input, Linear.Bias output) {
        inputBias = input;
        outputBias = output;
        return this;
    }

    /** Linear layers of these names, in this order; those that start with q, k and v are what they start with, another is the output. */
    public AttentionParts projections(String... names) {
        for (String name : names) {
            char role = "qkv".indexOf(name.charAt(0)) >= 0 ? name.charAt(0) : 'o';
            project(name, role, new Linear(role == 'o' ? queries() : shape.width(), size(role), bias(role)));
        }
        return this;
    }

    /** One linear layer to queries, keys and values: {@code groups} times some query heads, then key heads, then value heads. */
    public AttentionParts fused(String name, int groups) {
        this.groups = groups;
        return fused(name, new Linear(shape.width(), queries() + 2 * size('k'), inputBias));
    }

    /** As {@link #fused(String, int)} with one group, and the output projection, both GPT-2's transposed layers. */
    public AttentionParts transposed(String fusedName, String outputName) {
        fused(fusedName, new Conv1D(queries() + 2 * size('k'), shape.width()));
        return project(outputName, 'o', new Conv1D(shape.width(), queries()));
    }

    private AttentionParts fused(String name, Module module) {
        fused = add(name, module);
        return this;
    }

    /** Norms on each head of queries and of keys before they are turned; they are given the size of a head. */
    public AttentionParts headNorms(IntFunction<Module> norm) {
        normsHeads = true;
        return norms(norm.apply(shape.headDim()), norm.apply(shape.headDim()));
    }

    /** As {@link #headNorms(IntFunction)}, with a norm each, which are given {@code [batch, seq, heads, head_dim]}. */
    public AttentionParts headNorms(Module ofQueries, Module ofKeys) {
        normsHeads = true;
        return norms(ofQueries, ofKeys);
    }

    /** Norms on all heads of queries together, and of keys. */
    public AttentionParts wholeNorms(IntFunction<Module> norm) {
        return norms(norm.apply((int) queries()), norm.apply((int) size('k')));
    }

    private AttentionParts norms(Module ofQueries, Module ofKeys) {
        addDefaults();
        queryNorm = add("q_norm", ofQueries);
        keyNorm = add("k_norm", ofKeys);
        return this;
    }

    public AttentionParts dropoutOfProbabilities(String name, double share) {
        probabilitiesDropout = add(name, new Dropout(share));
        return this;
    }

    public AttentionParts dropoutOfOutput(String name, double share) {
        outputDropout = add(name, new Dropout(share));
        return this;
    }

    /** How heads are turned by their positions. */
    public AttentionParts rotation(Rotation rotation) {
        this.rotation = rotation;
        return this;
    }

    /** Another scaling or capped scores. */
    public AttentionParts core(AttentionCore core) {
        this.core = core;
        return this;
    }

    /** Clips queries, keys and values to ±{@code most}, after norms; 0 for no limit. */
    public AttentionParts clip(double most) {
        this.clip = most;
        return this;
    }

    /** Gives probabilities away only where {@code output_attentions} or a graph asks for them. */
    public AttentionParts hideProbabilities() {
        hidesProbabilities = true;
        return this;
    }

    public SelfAttention build(AttentionKind kind) {
        addDefaults();
        return new SelfAttention(this, kind);
    }

    Module projection(char role) {
        return Objects.requireNonNull(projections.get(role), () -> className + " has no projection " + role);
    }

    private void addDefaults() {
        if (projections.isEmpty() && fused == null) {
            projections("q_proj", "k_proj", "v_proj", "o_proj");
        }
    }

    private AttentionParts project(String name, char role, Module module) {
        projections.put(role, add(name, module));
        return this;
    }

    private Module add(String name, Module module) {
        children.put(name, module);
        return module;
    }

    private long queries() {
        return (long) shape.heads() * shape.headDim();
    }

    private long size(char role) {
        return switch (role) {
            case 'q' -> queries();
            case 'o' -> shape.width();
            default -> (long) shape.keyValueHeads() * shape.headDim();
        };
    }

    private Linear.Bias bias(char role) {
        return role == 'o' ? outputBias : inputBias;
    }
}
