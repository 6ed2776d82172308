package io.sightline.generate;

import org.jspecify.annotations.Nullable;

/**
 * What shapes the distribution a token is drawn from; applied in this order (transformers {@code logits_process.py}).
 *
 * @param temperature the scores are divided by it; over 0
 * @param topK only so many of the highest scores stay (ties of the last one too); 0 keeps all
 * @param topP the smallest set of tokens whose probabilities sum to at least this stays; 1 keeps all
 * @param minP tokens less probable than this times the most probable one's go; 0 keeps all
 * @param seed what is drawn follows from it; {@code null} draws differently each time
 */
public record Sampling(
        double temperature,
        long topK,
        double topP,
        double minP,
        @Nullable Long seed) {
    /** transformers' own defaults: temperature 1, the 50 highest. */
    public static final Sampling DEFAULT = new Sampling(1.0, 50, 1.0, 0.0, null);

    public Sampling {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature must be over 0, not " + temperature + "; for the most likely token decode greedily");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top_k must be 1 or more, or 0 to keep all tokens, not " + topK);
        }
        checkProbability("top_p", topP);
        checkProbability("min_p", minP);
    }

    private static void checkProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie between 0 and 1, not " + value);
        }
    }

    public Sampling withTemperature(double value) {
        return new Sampling(value, topK, topP, minP, seed);
    }

    public Sampling withTopK(long value) {
        return new Sampling(temperature, value, topP, minP, seed);
    }

    public Sampling withTopP(double value) {
        return new Sampling(temperature, topK, value, minP, seed);
    }

    public Sampling withMinP(double value) {
        return new Sampling(temperature, topK, topP, value, seed);
    }

    public Sampling withSeed(@Nullable Long value) {
        return new Sampling(temperature, topK, topP, minP, value);
    }
}
