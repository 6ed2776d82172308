package io.sightline.family.bert;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.util.Map;

/** BERT with its masked language model head: ids {@code [batch, seq]} to {@code MaskedLMOutput} with logits {@code [batch, seq, vocab]}. */
final class BertForMaskedLM extends Module {
    /** Labels of -100 count for nothing, as torch's cross_entropy has it. */
    private static final Kernel LOSS = Kernel.define(
            "masked language model loss",
            "logits: Tensor, labels: Tensor",
            "Tensor",
            "flat = torch.view(logits, [-1, torch.size(logits, -1)])",
            "return torch.cross_entropy_loss(flat, torch.view(labels, [-1]))");

    private final BertModel bert;
    private final BertHead cls;

    BertForMaskedLM(BertSettings settings, AttentionKind kind) {
        bert = child("bert", new BertModel(settings, kind));
        cls = child("cls", new BertHead(settings));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Object base = bert.call(Args.of(call.inputIds())
                .with("attention_mask", args.get("attention_mask"))
                .with("token_type_ids", args.get("token_type_ids"))
                .with("position_ids", args.get("position_ids"))
                .with("head_mask", null)
                .with("inputs_embeds", args.get("inputs_embeds"))
                .with("encoder_hidden_states", null)
                .with("encoder_attention_mask", null)
                .with("output_attentions", args.get("output_attentions"))
                .with("output_hidden_states", args.get("output_hidden_states"))
                .with("return_dict", true));
        Tensor logits = cls.call(Outputs.first(base));
        Tensor labels = call.labels();
        ModelOutput output = new ModelOutput("MaskedLMOutput")
                .with("loss", labels == null ? null : LOSS.tensor(logits, labels))
                .with("logits", logits);
        if (base instanceof Map<?, ?> entries) {
            output.with("hidden_states", entries.get("hidden_states")).with("attentions", entries.get("attentions"));
        }
        return output;
    }
}
