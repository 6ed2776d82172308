package io.sightline.job.cli;

import io.sightline.graph.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code generate} takes tokens, as transformers' keyword arguments. Giving any option of sampling turns it on. */
final class SamplingOptions {
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "At most so many tokens (default: the graph's own, or 20).")
    private @Nullable Long maxNewTokens;

    @Option(names = "--no-cache", description = "Run the whole sequence at each step, without a KV cache.")
    private boolean noCache;

    @Option(names = "--sample", description = "Draw tokens by chance; greedy otherwise. The next four imply it.")
    private boolean sample;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Divides the logits (default: the checkpoint's, or 1).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Draw from the K likeliest (default: the checkpoint's, or 50; 0: all).")
    private @Nullable Long topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw from the likeliest that make up P (default: the checkpoint's, or 1).")
    private @Nullable Double topP;

    @Option(names = "--seed", paramLabel = "N", description = "What is drawn follows from it.")
    private @Nullable Long seed;

    /** What was given, under transformers' names. */
    Map<String, Value> keywords() {
        Map<String, Value> keywords = new LinkedHashMap<>();
        put(keywords, "max_new_tokens", maxNewTokens);
        put(keywords, "temperature", temperature);
        put(keywords, "top_k", topK);
        put(keywords, "top_p", topP);
        put(keywords, "seed", seed);
        if (sample || temperature != null || topK != null || topP != null || seed != null) {
            keywords.put("do_sample", Value.Constant.TRUE);
        }
        if (noCache) {
            keywords.put("use_cache", Value.Constant.FALSE);
        }
        return keywords;
    }

    private static void put(Map<String, Value> keywords, String name, @Nullable Number value) {
        if (value instanceof Long number) {
            keywords.put(name, new Value.IntValue(number));
        } else if (value != null) {
            keywords.put(name, new Value.FloatValue(value.doubleValue()));
        }
    }
}
