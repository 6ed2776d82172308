package io.sightline.generate;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** transformers' keyword arguments of {@code generate}, read into {@link GenerateOptions}. */
final class GenerateKeywords {
    /** Ways to generate that are not here; their "off" values are harmless. */
    private static final Map<String, Object> OFF = Map.of(
            "num_beams", 1L, "num_return_sequences", 1L, "return_dict_in_generate", false, "renormalize_logits", false);

    private static final Set<String> KNOWN = Set.of(
            "max_new_tokens",
            "min_new_tokens",
            "do_sample",
            "temperature",
            "top_k",
            "top_p",
            "min_p",
            "repetition_penalty",
            "use_cache",
            "eos_token_id",
            "pad_token_id",
            "seed");

    private GenerateKeywords() {}

    static GenerateOptions apply(GenerateOptions options, Map<String, ? extends @Nullable Object> keywords) {
        GenerateOptions changed = options;
        for (Map.Entry<String, ? extends @Nullable Object> entry : keywords.entrySet()) {
            Object value = entry.getValue();
            if (value != null || !KNOWN.contains(entry.getKey())) {
                changed = apply(changed, entry.getKey(), value);
            }
        }
        return changed;
    }

    private static GenerateOptions apply(GenerateOptions options, String key, @Nullable Object value) {
        return switch (key) {
            case "max_new_tokens" -> options.withMaxNewTokens(Math.toIntExact(integer(key, value)));
            case "min_new_tokens" -> options.withMinNewTokens(Math.toIntExact(integer(key, value)));
            case "do_sample" -> options.with(bool(key, value) ? Selection.SAMPLED : Selection.GREEDY);
            case "use_cache" -> options.with(bool(key, value) ? KeyValueCache.KEPT : KeyValueCache.NONE);
            case "temperature" -> options.withSampling(s -> s.withTemperature(real(key, value)));
            case "top_k" -> options.withSampling(s -> s.withTopK(integer(key, value)));
            case "top_p" -> options.withSampling(s -> s.withTopP(real(key, value)));
            case "min_p" -> options.withSampling(s -> s.withMinP(real(key, value)));
            case "seed" -> options.withSampling(s -> s.withSeed(integer(key, value)));
            case "repetition_penalty" -> options.withRepetitionPenalty(real(key, value));
            case "pad_token_id" -> options.withPadTokenId(integer(key, value));
            case "eos_token_id" -> options.withEosTokenIds(integers(key, value));
            default -> checkOff(options, key, value);
        };
    }

    private static GenerateOptions checkOff(GenerateOptions options, String key, @Nullable Object value) {
        Object off = OFF.get(key);
        boolean harmless = value == null || (off != null && off.equals(value instanceof Integer i ? (long) i : value));
        if (harmless && OFF.containsKey(key)) {
            return options;
        }
        throw new IllegalArgumentException("generate has no argument '" + key + "' (" + value + "); known: "
                + String.join(", ", KNOWN.stream().sorted().toList()));
    }

    static long integer(String key, @Nullable Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        throw wrongType(key, "an int", value);
    }

    static double real(String key, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrongType(key, "a number", value);
    }

    static List<Long> integers(String key, @Nullable Object value) {
        if (value instanceof List<?> items) {
            return items.stream().map(item -> integer(key, item)).toList();
        }
        return List.of(integer(key, value));
    }

    private static boolean bool(String key, @Nullable Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw wrongType(key, "true or false", value);
    }

    private static IllegalArgumentException wrongType(String key, String expected, @Nullable Object value) {
        return new IllegalArgumentException("'" + key + "' should be " + expected + ", not " + value);
    }
}
