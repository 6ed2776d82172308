package io.sightline.family.gpt_neox;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Dropout;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Module;
import java.util.List;

/**
 * {@code x + attention(input_layernorm(x)) + mlp(post_attention_layernorm(x))}, or one after the other where the residual is sequential;
 * returns {@code (hidden,)}, with the attention probabilities where asked.
 */
final class GPTNeoXLayer extends Module {
    private final NeoxSettings.Residual residual;
    private final LayerNorm inputNorm;
    private final LayerNorm postAttentionNorm;
    private final Dropout postAttentionDropout;
    private final Dropout postMlpDropout;
    private final GPTNeoXAttention attention;
    private final GPTNeoXMLP mlp;

    GPTNeoXLayer(NeoxSettings settings, int layer, AttentionKind kind) {
        residual = settings.residual();
        inputNorm = child("input_layernorm", new LayerNorm(settings.width(), settings.epsilon()));
        postAttentionNorm = child("post_attention_layernorm", new LayerNorm(settings.width(), settings.epsilon()));
        postAttentionDropout = child("post_attention_dropout", new Dropout(settings.dropout()));
        postMlpDropout = child("post_mlp_dropout", new Dropout(settings.dropout()));
        attention = child("attention", new GPTNeoXAttention(settings, layer, kind));
        mlp = child("mlp", new GPTNeoXMLP(settings));
    }

    @Override
    protected Object forward(Args args) {
        Tensor x = args.tensor(0, "hidden_states");
        Object attended = attention.call(new Args(List.of(inputNorm.call(x)), args.keywords()));
        Tensor change = postAttentionDropout.call(Outputs.first(attended));
        Tensor output = residual == NeoxSettings.Residual.PARALLEL
                ? throughMlp(x).add(change).add(x)
                : sequential(change.add(x));
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        return wanted ? Tuple.of(output, Outputs.tuple(attended).get(1)) : Tuple.of(output);
    }

    private Tensor sequential(Tensor attended) {
        return throughMlp(attended).add(attended);
    }

    private Tensor throughMlp(Tensor x) {
        return postMlpDropout.call(mlp.call(postAttentionNorm.call(x)));
    }
}
