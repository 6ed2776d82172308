package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;

/** Attention and MLP: {@code [batch, seq, hidden] → (same, probabilities or None)}. */
final class BertLayer extends Module {
    private final BertAttention attention;
    private final BertIntermediate intermediate;
    private final BertResidual output;

    BertLayer(BertSettings settings, AttentionKind kind) {
        attention = child("attention", new BertAttention(settings, kind));
        intermediate = child("intermediate", new BertIntermediate(settings));
        output = child("output", new BertResidual("BertOutput", settings, settings.inner()));
    }

    @Override
    protected Object forward(Args args) {
        Object attended = attention.call(Args.of(args.tensor(0, "hidden_states"))
                .with("attention_mask", args.get(1, "attention_mask"))
                .with("head_mask", args.get(2, "head_mask"))
                .with("output_attentions", args.get("output_attentions"))
                .with("past_key_values", null)
                .with("cache_position", null));
        Tuple result = Outputs.tuple(attended);
        Tensor middle = Outputs.first(result);
        return result.with(0, output.call(Args.of(intermediate.call(middle), middle)));
    }
}
