package io.sightline.family.parts;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x + self_attn(input_layernorm(x))}, then {@code x + mlp(post_attention_layernorm(x))}: {@code [batch, seq, hidden] → same}, a tensor
 * (transformers 4.57; others wrap it in a tuple).
 */
public final class DecoderLayer extends Module {
    private final String className;
    private final Module selfAttn;
    private final Module mlp;
    private final Module inputNorm;
    private final Module postAttentionNorm;

    public DecoderLayer(
            String className, Module selfAttn, String mlpName, Module mlp, Module inputNorm, Module postAttentionNorm) {
        this.className = className;
        this.selfAttn = child("self_attn", selfAttn);
        this.mlp = child(mlpName, mlp);
        this.inputNorm = child("input_layernorm", inputNorm);
        this.postAttentionNorm = child("post_attention_layernorm", postAttentionNorm);
    }

    @Override
    protected Object forward(Args args) {
        Tensor residual = args.tensor(0, "hidden_states");
        Tensor normed = inputNorm.call(residual);
        Tensor attended = selfAttn.callFirst(new Args(List.of(), attentionKeywords(normed, args)));
        Scope.discard(normed);
        Tensor hidden = residual.add(attended);
        Scope.discard(attended);
        Tensor change = mlp.callFirst(Args.of(postAttentionNorm.call(hidden)));
        return hidden.add(change);
    }

    /** Attention gets the hidden states, too, by keyword, and {@code use_cache} even where the layer was not told of it. */
    public static Map<String, @Nullable Object> attentionKeywords(Tensor hidden, Args args) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("hidden_states", hidden);
        keywords.putAll(args.keywords());
        keywords.putIfAbsent("use_cache", false);
        return keywords;
    }

    @Override
    public String className() {
        return className;
    }
}
