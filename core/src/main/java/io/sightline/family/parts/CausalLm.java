package io.sightline.family.parts;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A base model under {@code model} and its {@code lm_head}: ids {@code [batch, seq]} to logits {@code [batch, seq, vocab]}, as
 * Llama-like models have it.
 */
public class CausalLm extends Module {
    private static final List<String> PASSED_ON = List.of(
            "attention_mask", "position_ids", "past_key_values", "inputs_embeds", "use_cache", "cache_position");
    private static final List<String> PASSED_ON_WHERE_GIVEN = List.of("output_attentions", "output_hidden_states");

    private final String className;
    private final Module model;
    private final Linear lmHead;

    public CausalLm(String className, Module model, Linear lmHead) {
        this.className = className;
        this.model = child("model", model);
        this.lmHead = child("lm_head", lmHead);
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("input_ids", call.inputIds());
        PASSED_ON.forEach(name -> keywords.put(name, args.get(name)));
        PASSED_ON_WHERE_GIVEN.stream()
                .filter(args.keywords()::containsKey)
                .forEach(name -> keywords.put(name, args.get(name)));
        Object base = model.call(new Args(new ArrayList<>(), keywords));
        return CausalLmOutput.of(outputClass(), call, base, hidden -> logits(lmHead.call(hidden)));
    }

    /** What becomes of the head's output. */
    protected Tensor logits(Tensor raw) {
        return raw;
    }

    /** transformers' class for the output. */
    protected String outputClass() {
        return "CausalLMOutputWithPast";
    }

    @Override
    public String className() {
        return className;
    }
}
