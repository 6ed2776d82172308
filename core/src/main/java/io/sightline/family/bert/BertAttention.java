package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;

/** Self-attention and its residual: {@code [batch, seq, hidden] → (same, probabilities or None)}. */
final class BertAttention extends Module {
    private final BertSelfAttention self;
    private final BertResidual output;

    BertAttention(BertSettings settings, AttentionKind kind) {
        self = child("self", new BertSelfAttention(settings, kind));
        output = child("output", new BertResidual("BertSelfOutput", settings, settings.width()));
    }

    @Override
    protected Object forward(Args args) {
        Tensor hidden = args.tensor(0, "hidden_states");
        Object attended = self.call(Args.of(hidden)
                .with("attention_mask", args.get("attention_mask"))
                .with("head_mask", args.get("head_mask"))
                .with("encoder_hidden_states", null)
                .with("past_key_values", null)
                .with("output_attentions", args.get("output_attentions"))
                .with("cache_position", null));
        Tuple result = Outputs.tuple(attended);
        return result.with(0, output.call(Args.of(Outputs.first(result), hidden)));
    }
}
