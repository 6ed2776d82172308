package io.sightline.generate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to generate; the names are transformers' {@code GenerationConfig}'s.
 *
 * @param maxNewTokens no row gets more; at least 1
 * @param minNewTokens until so many are there, no end-of-sequence token is taken
 * @param repetitionPenalty scores of tokens already in the row are weakened by this factor; 1 leaves them, over 1 weakens
 * @param eosTokenIds a row that takes one of these is finished; none: all rows run to {@code maxNewTokens}
 * @param padTokenId fills the rows that finished before others; {@code null}: the first of {@code eosTokenIds}
 */
public record GenerateOptions(
        int maxNewTokens,
        int minNewTokens,
        KeyValueCache cache,
        Selection selection,
        Sampling sampling,
        double repetitionPenalty,
        List<Long> eosTokenIds,
        @Nullable Long padTokenId) {
    /** Greedy with a KV cache, 20 tokens, no end-of-sequence token. */
    public static final GenerateOptions DEFAULT =
            new GenerateOptions(20, 0, KeyValueCache.KEPT, Selection.GREEDY, Sampling.DEFAULT, 1.0, List.of(), null);

    public GenerateOptions {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("max_new_tokens must be at least 1, not " + maxNewTokens);
        }
        if (minNewTokens < 0) {
            throw new IllegalArgumentException("min_new_tokens must not be negative: " + minNewTokens);
        }
        if (!(repetitionPenalty > 0)) {
            throw new IllegalArgumentException("repetition_penalty must be over 0, not " + repetitionPenalty);
        }
        eosTokenIds = List.copyOf(eosTokenIds);
    }

    /**
     * What a checkpoint directory says: {@code generation_config.json}, or, where there is none, the token ids of {@code config.json}. A
     * {@code do_sample} there is not followed: generation is greedy until sampling is asked for.
     *
     * @throws IllegalArgumentException if a file is not JSON, or a key holds something else than it should
     */
    public static GenerateOptions of(Path modelDirectory) {
        return GenerationConfigFile.read(modelDirectory);
    }

    /**
     * These options changed by transformers' keyword arguments of {@code generate}: {@code max_new_tokens}, {@code min_new_tokens},
     * {@code do_sample}, {@code temperature}, {@code top_k}, {@code top_p}, {@code min_p}, {@code repetition_penalty}, {@code use_cache},
     * {@code eos_token_id}, {@code pad_token_id}, and {@code seed}, which is Sightline's own. A None leaves what was set before.
     *
     * @throws IllegalArgumentException for an argument that is not known or not of its type
     */
    public GenerateOptions withKeywords(Map<String, ? extends @Nullable Object> keywords) {
        return GenerateKeywords.apply(this, keywords);
    }

    public GenerateOptions withMaxNewTokens(int value) {
        return new GenerateOptions(
                value, minNewTokens, cache, selection, sampling, repetitionPenalty, eosTokenIds, padTokenId);
    }

    public GenerateOptions withMinNewTokens(int value) {
        return new GenerateOptions(
                maxNewTokens, value, cache, selection, sampling, repetitionPenalty, eosTokenIds, padTokenId);
    }

    public GenerateOptions with(KeyValueCache value) {
        return new GenerateOptions(
                maxNewTokens, minNewTokens, value, selection, sampling, repetitionPenalty, eosTokenIds, padTokenId);
    }

    public GenerateOptions with(Selection value) {
        return new GenerateOptions(
                maxNewTokens, minNewTokens, cache, value, sampling, repetitionPenalty, eosTokenIds, padTokenId);
    }

    public GenerateOptions withSampling(UnaryOperator<Sampling> change) {
        return new GenerateOptions(
                maxNewTokens,
                minNewTokens,
                cache,
                selection,
                change.apply(sampling),
                repetitionPenalty,
                eosTokenIds,
                padTokenId);
    }

    public GenerateOptions withRepetitionPenalty(double value) {
        return new GenerateOptions(
                maxNewTokens, minNewTokens, cache, selection, sampling, value, eosTokenIds, padTokenId);
    }

    public GenerateOptions withEosTokenIds(List<Long> value) {
        return new GenerateOptions(
                maxNewTokens, minNewTokens, cache, selection, sampling, repetitionPenalty, value, padTokenId);
    }

    public GenerateOptions withPadTokenId(@Nullable Long value) {
        return new GenerateOptions(
                maxNewTokens, minNewTokens, cache, selection, sampling, repetitionPenalty, eosTokenIds, value);
    }
}
