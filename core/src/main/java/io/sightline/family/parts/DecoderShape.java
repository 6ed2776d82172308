package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * The sizes that Llama-like models have in common, by transformers' keys.
 *
 * @param width {@code hidden_size}
 * @param inner {@code intermediate_size}
 * @param headDim {@code head_dim}, {@code hidden_size / num_attention_heads} where that is absent
 * @param activation {@code hidden_act}, or {@code hidden_activation}
 * @param epsilon {@code rms_norm_eps}
 * @param paddingId {@code pad_token_id}, which shows in the embedding's repr
 */
public record DecoderShape(
        int vocabulary,
        int width,
        int inner,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        String activation,
        double epsilon,
        @Nullable Long paddingId) {
    private static final int MOST_EXPERTS = 100_000;

    /** @throws IllegalArgumentException if a key is missing, or the numbers do not go together */
    public static DecoderShape of(ModelConfig config) {
        int width = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        return of(config, Math.max(1, width / heads));
    }

    /** @param headDim where the config has no {@code head_dim} */
    public static DecoderShape of(ModelConfig config, int headDim) {
        int width = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int keyValueHeads = config.size("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0) {
            throw config.error("num_attention_heads (" + heads + ") must be a multiple of num_key_value_heads ("
                    + keyValueHeads + ")");
        }
        int vocabulary = config.size("vocab_size");
        return new DecoderShape(
                vocabulary,
                width,
                config.size("intermediate_size"),
                config.count("num_hidden_layers"),
                heads,
                keyValueHeads,
                config.size("head_dim", headDim),
                config.string("hidden_activation", config.string("hidden_act", "silu")),
                config.number("rms_norm_eps", 1e-6),
                paddingId(config, vocabulary));
    }

    /**
     * Of a model whose heads divide the width and whose token embeddings have no padding (GPT-NeoX).
     *
     * @param activation where the config has no {@code hidden_act}
     */
    public static DecoderShape ofEqualHeads(ModelConfig config, String activation) {
        int width = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        if (width % heads != 0) {
            throw config.error("hidden_size (" + width + ") must be a multiple of num_attention_heads (" + heads + ")");
        }
        return new DecoderShape(
                config.size("vocab_size"),
                width,
                config.size("intermediate_size"),
                config.count("num_hidden_layers"),
                heads,
                heads,
                width / heads,
                config.string("hidden_act", activation),
                config.number("layer_norm_eps", 1e-5),
                null);
    }

    /**
     * Of a GPT: heads that divide the width, an MLP of four times the width where the config says nothing else, gelu_new.
     *
     * @param vocabulary where the config has no {@code vocab_size}
     */
    public static DecoderShape ofGpt(ModelConfig config, GptKeys keys, int vocabulary) {
        int width = config.size(keys.width(), keys.defaultWidth());
        int heads = config.size(keys.heads(), keys.defaultHeads());
        if (width % heads != 0) {
            throw config.error(
                    keys.width() + " (" + width + ") must be a multiple of " + keys.heads() + " (" + heads + ")");
        }
        return new DecoderShape(
                config.size("vocab_size", vocabulary),
                width,
                config.size(keys.inner(), Math.multiplyExact(4, width)),
                config.count(keys.layers(), keys.defaultLayers()),
                heads,
                heads,
                width / heads,
                config.string("activation_function", "gelu_new"),
                config.number("layer_norm_epsilon", 1e-5),
                null);
    }

    /** How a GPT's config calls its sizes, and what they are where it does not. */
    public record GptKeys(
            String width,
            int defaultWidth,
            String layers,
            int defaultLayers,
            String heads,
            int defaultHeads,
            String inner) {}

    /** The same sizes with another epsilon. */
    public DecoderShape withEpsilon(double value) {
        return new DecoderShape(
                vocabulary, width, inner, layers, heads, keyValueHeads, headDim, activation, value, paddingId);
    }

    /**
     * Checks how many experts all layers would have together, each a few modules.
     *
     * @return {@code experts}
     * @throws IllegalArgumentException if there would be absurdly many
     */
    public int checkExpertCount(ModelConfig config, int experts) {
        if ((long) experts * layers > MOST_EXPERTS) {
            throw config.error(experts + " experts in " + layers + " layers are more than the " + MOST_EXPERTS
                    + " that can be; look at num_hidden_layers and the number of experts");
        }
        return experts;
    }

    /** torch counts a negative padding_idx from the vocabulary's end. */
    private static @Nullable Long paddingId(ModelConfig config, int vocabulary) {
        if (!config.has("pad_token_id")) {
            return null;
        }
        long id = config.integer("pad_token_id", 0);
        return id < 0 ? id + vocabulary : id;
    }
}
