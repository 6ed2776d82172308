package io.sightline.family.gpt2;

import io.sightline.family.parts.CausalLmOutput;
import io.sightline.family.parts.DecoderCall;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** GPT-2 with its language model head: ids {@code [batch, seq]} to logits {@code [batch, seq, vocab]}. */
final class GPT2LMHeadModel extends Module {
    /** As transformers passes them on to the base model; all but the first by keyword. */
    private static final List<String> PASSED_ON = List.of(
            "past_key_values",
            "attention_mask",
            "cache_position",
            "token_type_ids",
            "position_ids",
            "head_mask",
            "inputs_embeds",
            "encoder_hidden_states",
            "encoder_attention_mask",
            "use_cache",
            "output_attentions",
            "output_hidden_states");

    private final GPT2Model transformer;
    private final Linear lmHead;

    GPT2LMHeadModel(Gpt2Settings settings, AttentionKind attention) {
        transformer = child("transformer", new GPT2Model(settings, attention));
        lmHead = child("lm_head", new Linear(settings.width(), settings.vocabulary(), Linear.Bias.WITHOUT));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        PASSED_ON.forEach(name -> keywords.put(name, args.get(name)));
        keywords.put("return_dict", true);
        List<@Nullable Object> positional = new ArrayList<>();
        positional.add(call.inputIds());
        Object base = transformer.call(new Args(positional, keywords));
        return CausalLmOutput.of("CausalLMOutputWithCrossAttentions", call, base, lmHead::call);
    }
}
