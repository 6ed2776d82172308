package io.sightline.family.gpt2;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code x + attn(ln_1(x))}, then {@code x + mlp(ln_2(x))}; returns {@code (hidden,)}, with the attention probabilities where asked. */
final class GPT2Block extends Module {
    private final LayerNorm ln1;
    private final GPT2Attention attn;
    private final LayerNorm ln2;
    private final GPT2MLP mlp;

    GPT2Block(Gpt2Settings settings, int layer, AttentionKind attention) {
        ln1 = child("ln_1", new LayerNorm(settings.width(), settings.epsilon()));
        attn = child("attn", new GPT2Attention(settings, layer, attention));
        ln2 = child("ln_2", new LayerNorm(settings.width(), settings.epsilon()));
        mlp = child("mlp", new GPT2MLP(settings));
    }

    @Override
    protected Object forward(Args args) {
        Tensor residual = args.tensor(0, "hidden_states");
        boolean wanted = Boolean.TRUE.equals(args.get(7, "output_attentions"));
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("past_key_values", args.get(1, "past_key_values"));
        keywords.put("cache_position", args.get(2, "cache_position"));
        keywords.put("attention_mask", args.get(3, "attention_mask"));
        keywords.put("head_mask", args.get(4, "head_mask"));
        keywords.put("use_cache", args.get("use_cache"));
        keywords.put("output_attentions", wanted);
        Object attended = attn.call(new Args(List.of(ln1.call(residual)), keywords));
        Tensor hidden = Outputs.first(attended).add(residual);
        Tensor output = hidden.add(mlp.call(ln2.call(hidden)));
        List<@Nullable Object> outputs = new ArrayList<>();
        outputs.add(output);
        if (wanted && attended instanceof Tuple tuple) {
            outputs.add(tuple.get(1));
        }
        return Tuple.copyOf(outputs);
    }
}
