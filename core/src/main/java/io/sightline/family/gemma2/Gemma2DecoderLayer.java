package io.sightline.family.gemma2;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import java.util.List;
import java.util.function.Supplier;

/**
 * Attention and MLP, each with a norm before and one after, inside the residual: {@code [batch, seq, hidden]} to {@code (same,)}, with the
 * attention probabilities where {@code output_attentions} asks for them.
 */
final class Gemma2DecoderLayer extends Module {
    private final Module selfAttn;
    private final Module mlp;
    private final Module inputNorm;
    private final Module postAttentionNorm;
    private final Module preFeedforwardNorm;
    private final Module postFeedforwardNorm;

    Gemma2DecoderLayer(Module selfAttn, Module mlp, Supplier<Module> norm) {
        this.selfAttn = child("self_attn", selfAttn);
        this.mlp = child("mlp", mlp);
        this.inputNorm = child("input_layernorm", norm.get());
        this.postAttentionNorm = child("post_attention_layernorm", norm.get());
        this.preFeedforwardNorm = child("pre_feedforward_layernorm", norm.get());
        this.postFeedforwardNorm = child("post_feedforward_layernorm", norm.get());
    }

    @Override
    protected Object forward(Args args) {
        Tensor residual = args.tensor(0, "hidden_states");
        Object attended =
                selfAttn.call(new Args(List.of(), DecoderLayer.attentionKeywords(inputNorm.call(residual), args)));
        Tensor hidden = residual.add(postAttentionNorm.call(Outputs.first(attended)));
        Tensor change = postFeedforwardNorm.call(mlp.call(preFeedforwardNorm.call(hidden)));
        Tensor output = hidden.add(change);
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        return wanted ? Tuple.of(output, Outputs.tuple(attended).get(1)) : Tuple.of(output);
    }
}
