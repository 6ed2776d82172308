package io.sightline.family.phi3;

import io.sightline.engine.Tensor;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.nn.Args;
import io.sightline.nn.Dropout;
import io.sightline.nn.Module;
import java.util.List;

/** Llama's layer with a dropout on each of its two changes: {@code [batch, seq, hidden] → same}, a tensor. */
final class Phi3DecoderLayer extends Module {
    private final Module selfAttn;
    private final Module mlp;
    private final Module inputNorm;
    private final Module postAttentionNorm;
    private final Dropout residAttnDropout;
    private final Dropout residMlpDropout;

    Phi3DecoderLayer(Module selfAttn, Module mlp, Module inputNorm, Module postAttentionNorm, double dropout) {
        this.selfAttn = child("self_attn", selfAttn);
        this.mlp = child("mlp", mlp);
        this.inputNorm = child("input_layernorm", inputNorm);
        this.postAttentionNorm = child("post_attention_layernorm", postAttentionNorm);
        this.residAttnDropout = child("resid_attn_dropout", new Dropout(dropout));
        this.residMlpDropout = child("resid_mlp_dropout", new Dropout(dropout));
    }

    @Override
    protected Object forward(Args args) {
        Tensor residual = args.tensor(0, "hidden_states");
        Tensor attended =
                selfAttn.callFirst(new Args(List.of(), DecoderLayer.attentionKeywords(inputNorm.call(residual), args)));
        Tensor hidden = residual.add(residAttnDropout.call(attended));
        return hidden.add(residMlpDropout.call(mlp.call(postAttentionNorm.call(hidden))));
    }
}
