package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.Outputs;
import io.sightline.family.parts.PaddingMask;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Embeddings, encoder and, where it has one, a pooler: ids {@code [batch, seq]} to hidden states {@code [batch, seq, hidden]}. */
final class BertModel extends Module {
    private final AttentionKind kind;
    private final BertEmbeddings embeddings;
    private final BertEncoder encoder;

    private final @Nullable BertPooler pooler;

    /** Whether the model gives one vector for the text as well. */
    enum Pooling {
        FIRST_TOKEN,
        NONE
    }

    BertModel(BertSettings settings, AttentionKind kind, Pooling pooling) {
        this.kind = kind;
        embeddings = child("embeddings", new BertEmbeddings(settings));
        encoder = child("encoder", new BertEncoder(settings, kind));
        pooler = pooling == Pooling.NONE ? null : child("pooler", new BertPooler(settings));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Tensor hidden = Outputs.tensor(embeddings.call(Args.of()
                .with("input_ids", call.inputIds())
                .with("position_ids", call.givenPositionIds())
                .with("token_type_ids", args.get("token_type_ids"))
                .with("inputs_embeds", call.inputsEmbeds())
                .with("past_key_values_length", 0L)));
        Object encoded = encoder.call(Args.of(hidden)
                .with("attention_mask", PaddingMask.of(call.attentionMask(), hidden, kind))
                .with("head_mask", null)
                .with("use_cache", false)
                .with("output_attentions", call.isTrue("output_attentions"))
                .with("output_hidden_states", call.isTrue("output_hidden_states"))
                .with("return_dict", true));
        ModelOutput output = new ModelOutput("BaseModelOutputWithPoolingAndCrossAttentions");
        if (encoded instanceof Map<?, ?> entries) {
            Tensor last = Outputs.first(encoded);
            output.with("last_hidden_state", last).with("pooler_output", pooled(last, call.attentionMask()));
            entries.forEach((name, value) -> output.with(String.valueOf(name), value));
            return output;
        }
        throw new IllegalStateException("the encoder's output should be a ModelOutput here, but is " + encoded);
    }

    private @Nullable Tensor pooled(Tensor hidden, @Nullable Tensor mask) {
        if (pooler == null) {
            return null;
        }
        Args args = Args.of(hidden);
        return Outputs.tensor(pooler.call(mask == null ? args : args.with("attention_mask", mask)));
    }
}
