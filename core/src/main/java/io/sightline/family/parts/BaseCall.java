package io.sightline.family.parts;

import io.sightline.nn.Args;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model with a head calls its base model, which a graph that reads the base model's input sees.
 *
 * @param idsArePositional whether {@code input_ids} is the first argument rather than a keyword
 * @param passedOn the keywords that are passed on, given or not
 * @param whereGiven those that are passed on only where they were given
 * @param isToldToReturnADict whether {@code return_dict} is among the keywords, which is true
 */
public record BaseCall(
        boolean idsArePositional, List<String> passedOn, List<String> whereGiven, boolean isToldToReturnADict) {
    public static final BaseCall LLAMA = new BaseCall(
            false,
            List.of(
                    "attention_mask",
                    "position_ids",
                    "past_key_values",
                    "inputs_embeds",
                    "use_cache",
                    "cache_position"),
            List.of("output_attentions", "output_hidden_states"),
            false);

    public BaseCall {
        passedOn = List.copyOf(passedOn);
        whereGiven = List.copyOf(whereGiven);
    }

    Args args(Args given) {
        Object ids = given.get(0, "input_ids");
        List<@Nullable Object> positional = new ArrayList<>();
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        if (idsArePositional) {
            positional.add(ids);
        } else {
            keywords.put("input_ids", ids);
        }
        passedOn.forEach(name -> keywords.put(name, given.get(name)));
        whereGiven.stream().filter(given.keywords()::containsKey).forEach(name -> keywords.put(name, given.get(name)));
        if (isToldToReturnADict) {
            keywords.put("return_dict", true);
        }
        return new Args(positional, keywords);
    }
}
