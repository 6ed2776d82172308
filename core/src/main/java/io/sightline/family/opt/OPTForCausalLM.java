package io.sightline.family.opt;

import io.sightline.family.parts.CausalLmOutput;
import io.sightline.family.parts.DecoderCall;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OPT with its language model head: ids {@code [batch, seq]} to logits {@code [batch, seq, vocab]}. As in transformers 4.57 the head calls
 * {@code model.decoder}, and {@code model} itself is never called.
 */
final class OPTForCausalLM extends Module {
    private static final List<String> PASSED_ON = List.of(
            "attention_mask",
            "position_ids",
            "head_mask",
            "past_key_values",
            "inputs_embeds",
            "use_cache",
            "output_attentions",
            "output_hidden_states",
            "cache_position");

    private final Module decoder;
    private final Linear lmHead;

    OPTForCausalLM(OptSettings settings, AttentionKind attention) {
        OPTModel model = child("model", new OPTModel(settings, attention));
        decoder = model.decoder();
        lmHead = child("lm_head", new Linear(settings.embeddingWidth(), settings.vocabulary(), Linear.Bias.WITHOUT));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("input_ids", call.inputIds());
        PASSED_ON.forEach(name -> keywords.put(name, args.get(name)));
        Object base = decoder.call(new Args(List.of(), keywords));
        return CausalLmOutput.of("CausalLMOutputWithPast", call, base, lmHead::call);
    }
}
