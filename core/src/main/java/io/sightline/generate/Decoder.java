package io.sightline.generate;

import io.sightline.engine.DType;
import io.sightline.engine.GradMode;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * transformers' {@code generate} for a decoder-only language model: calls the model's root module once a step and appends the token each
 * row takes, until every row is finished or has its {@code max_new_tokens}.
 *
 * <p>Hooks on the model see every call. With a KV cache the first call has the prompt, {@code [batch, seq, …]}, and each later one a
 * single token; without, each call has the whole sequence. The head computes the last position only ({@code logits_to_keep=1}). What a
 * hook throws ends the generation and passes through; the cache is freed either way. Autograd is off meanwhile.
 *
 * <pre>{@code
 * Tensor sequences = new Decoder(model, GenerateOptions.of(directory).withMaxNewTokens(8)).generate(ids, mask);
 * }</pre>
 */
public final class Decoder {
    private final Module model;
    private final GenerateOptions options;

    /** @param model takes transformers' keywords and returns a map with {@code logits} {@code [batch, seq, vocab]} */
    public Decoder(Module model, GenerateOptions options) {
        this.model = model;
        this.options = options;
    }

    /**
     * Generates.
     *
     * @param inputIds the prompts, left padded, int64 {@code [batch, seq]}; stays the caller's
     * @param attentionMask 1 at tokens, 0 at pads, of the same shape; {@code null} where nothing is padded
     * @return prompts and new tokens, int64 {@code [batch, seq + new]}, in the caller's scope; rows that finished early end with pads
     * @throws IllegalArgumentException if the shapes are others, a row ends with a pad, or the model has no position left for a token
     */
    public Tensor generate(Tensor inputIds, @Nullable Tensor attentionMask) {
        checkBatch(inputIds, attentionMask);
        try (Scope scope = Scope.open();
                GradMode noGrad = GradMode.disable();
                Sequences sequences = new Sequences(model, inputIds, attentionMask, options.cache());
                TokenChooser chooser = new TokenChooser(options, inputIds.device())) {
            UnfinishedRows rows = new UnfinishedRows(Math.toIntExact(inputIds.size(0)), options);
            for (int step = 0; step < options.maxNewTokens() && !rows.allFinished(); step++) {
                sequences.append(rows.take(step(sequences, chooser, step)));
            }
            return scope.keep(sequences.ids().share());
        }
    }

    /** One call of the model, in a scope of its own: what it leaves behind is the cache and the tokens. */
    private long[] step(Sequences sequences, TokenChooser chooser, int step) {
        try (Scope scope = Scope.open()) {
            Tensor logits = logits(model.call(sequences.nextCall()));
            Tensor last = logits.select(1, logits.size(1) - 1).to(DType.FLOAT32);
            return chooser.choose(sequences.ids(), last, step).toLongArray();
        }
    }

    private Tensor logits(@Nullable Object output) {
        String kind = output instanceof ModelOutput given ? given.className() : "CausalLMOutput";
        if (kind.contains("CausalLM")
                && output instanceof Map<?, ?> entries
                && entries.get("logits") instanceof Tensor logits) {
            return logits;
        }
        throw new IllegalArgumentException(model.className()
                + " can't generate: a causal language model is needed, whose output has logits for the next token"
                + reason(kind, output));
    }

    private static String reason(String kind, @Nullable Object output) {
        return switch (kind) {
            case "MaskedLMOutput" -> "; this one fills masks";
            case "CausalLMOutput" -> "; this one's output is " + output;
            default -> "; this checkpoint has no language model head, its output is a " + kind;
        };
    }

    private static void checkBatch(Tensor inputIds, @Nullable Tensor mask) {
        long[] shape = inputIds.shape();
        if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
            throw new IllegalArgumentException(
                    "input_ids should have shape [batch, seq] with a token at least, not " + Arrays.toString(shape));
        }
        if (mask != null) {
            checkLeftPadded(mask, shape);
        }
    }

    private static void checkLeftPadded(Tensor mask, long[] shape) {
        if (!Arrays.equals(mask.shape(), shape)) {
            throw new IllegalArgumentException("attention_mask has shape " + Arrays.toString(mask.shape())
                    + ", but input_ids " + Arrays.toString(shape));
        }
        try (Scope scope = Scope.open()) {
            for (long last : mask.select(1, shape[1] - 1).toLongArray()) {
                if (last == 0) {
                    throw new IllegalArgumentException(
                            "a prompt is padded on the right, so its last token is a pad; pad on the left to generate");
                }
            }
        }
    }
}
