package io.sightline.family.opt;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attention, then a two-layer MLP on the tokens flattened to {@code [batch·seq, hidden]}, each with its norm before or after: {@code [batch, seq,
 * hidden]} to {@code (same,)}, with the attention probabilities where {@code output_attentions} asks for them.
 */
final class OPTDecoderLayer extends Module {
    private final OptSettings.Order order;
    private final Module selfAttn;
    private final Activation activationFn;
    private final LayerNorm selfAttnLayerNorm;
    private final Linear fc1;
    private final Linear fc2;
    private final LayerNorm finalLayerNorm;

    OPTDecoderLayer(OptSettings settings, int layer, AttentionKind kind) {
        order = settings.order();
        selfAttn = child("self_attn", settings.attention(layer, kind));
        activationFn = child("activation_fn", Activation.ofConfig(settings.activation()));
        selfAttnLayerNorm = child("self_attn_layer_norm", settings.norm());
        fc1 = child("fc1", new Linear(settings.width(), settings.inner(), settings.bias()));
        fc2 = child("fc2", new Linear(settings.inner(), settings.width(), settings.bias()));
        finalLayerNorm = child("final_layer_norm", settings.norm());
    }

    @Override
    protected Object forward(Args args) {
        Tensor x = args.tensor(0, "hidden_states");
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("hidden_states", before(selfAttnLayerNorm, x));
        args.keywords().forEach((name, value) -> {
            if (!name.equals("use_cache")) {
                keywords.put(name, value);
            }
        });
        Object attended = selfAttn.call(new Args(List.of(), keywords));
        Tensor hidden = after(selfAttnLayerNorm, x.add(Outputs.first(attended)));
        long[] shape = hidden.shape();
        Tensor flat = hidden.reshape(-1, shape[2]);
        Tensor change = fc2.call(activationFn.call(fc1.call(before(finalLayerNorm, flat))));
        Tensor output = after(finalLayerNorm, flat.add(change).reshape(shape));
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        return wanted ? Tuple.of(output, Outputs.tuple(attended).get(1)) : Tuple.of(output);
    }

    private Tensor before(LayerNorm norm, Tensor x) {
        return order == OptSettings.Order.NORM_BEFORE ? norm.call(x) : x;
    }

    private Tensor after(LayerNorm norm, Tensor x) {
        return order == OptSettings.Order.NORM_AFTER ? norm.call(x) : x;
    }
}
