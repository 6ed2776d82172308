package io.sightline.family.gpt_neox;

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

/** GPT-NeoX with its language model head: ids {@code [batch, seq]} to logits {@code [batch, seq, vocab]}. */
final class GPTNeoXForCausalLM extends Module {
    /** As transformers passes them on to the base model by keyword. */
    private static final List<String> PASSED_ON = List.of(
            "attention_mask",
            "position_ids",
            "head_mask",
            "inputs_embeds",
            "past_key_values",
            "use_cache",
            "output_attentions",
            "output_hidden_states",
            "cache_position");

    private final GPTNeoXModel gptNeox;
    private final Linear embedOut;

    GPTNeoXForCausalLM(NeoxSettings settings, AttentionKind attention) {
        gptNeox = child("gpt_neox", new GPTNeoXModel(settings, attention));
        embedOut = child("embed_out", new Linear(settings.width(), settings.vocabulary(), Linear.Bias.WITHOUT));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        PASSED_ON.forEach(name -> keywords.put(name, args.get(name)));
        List<@Nullable Object> positional = new ArrayList<>();
        positional.add(call.inputIds());
        Object base = gptNeox.call(new Args(positional, keywords));
        return CausalLmOutput.of("CausalLMOutputWithPast", call, base, embedOut::call);
    }
}
