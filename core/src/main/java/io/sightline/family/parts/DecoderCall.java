package io.sightline.family.parts;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.nn.Args;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Embedding;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The keywords that transformers' decoders have in common, as one call gave them: {@code input_ids} (the first positional as well) or
 * {@code inputs_embeds}, {@code attention_mask}, {@code position_ids}, {@code past_key_values}, {@code use_cache}, {@code labels},
 * {@code logits_to_keep}, {@code output_attentions}, {@code output_hidden_states}.
 *
 * <p>A cache is used where one is given or {@code use_cache} is true. transformers also makes one where {@code use_cache} is left out;
 * here it is not, since most forward passes would only hold memory by it.
 */
public final class DecoderCall {
    private static final Kernel POSITIONS = Kernel.define(
            "positions",
            "start: int, end: int, like: Tensor",
            "Tensor",
            "return torch.arange(start, end, dtype=4, device=ops.prim.device(like))");

    private final Args args;

    private DecoderCall(Args args) {
        this.args = args;
    }

    public static DecoderCall of(Args args) {
        return new DecoderCall(args);
    }

    public @Nullable Tensor inputIds() {
        return args.optionalTensor(0, "input_ids");
    }

    public @Nullable Tensor inputsEmbeds() {
        return tensor("inputs_embeds");
    }

    public @Nullable Tensor attentionMask() {
        return tensor("attention_mask");
    }

    public @Nullable Tensor labels() {
        return tensor("labels");
    }

    private @Nullable Tensor tensor(String keyword) {
        return args.optionalTensor(keyword);
    }

    /**
     * {@code inputs_embeds}, or the embeddings of {@code input_ids} (a single row may lack its batch dimension).
     *
     * @return {@code [batch, seq, hidden]}
     * @throws IllegalArgumentException if neither or both were given
     */
    public Tensor embeddings(Embedding table) {
        Tensor ids = inputIds();
        Tensor embeds = inputsEmbeds();
        if (ids != null && embeds == null) {
            return lookUp(table, ids.dimensions() == 1 ? ids.unsqueeze(0) : ids);
        } else if (ids == null && embeds != null) {
            return embeds;
        }
        throw new IllegalArgumentException("a model takes either input_ids or inputs_embeds; "
                + (ids == null ? "neither was" : "both were") + " given");
    }

    /** torch's "index out of range" does not say of what. */
    private static Tensor lookUp(Embedding table, Tensor ids) {
        try {
            return table.call(ids);
        } catch (TorchException e) {
            if (!String.valueOf(e.getMessage()).contains("index out of range")) {
                throw e;
            }
            LongSummaryStatistics range = LongStream.of(ids.toLongArray()).summaryStatistics();
            throw new IllegalArgumentException(
                    "index out of range: the input ids go from " + range.getMin() + " to " + range.getMax()
                            + ", but this model has the tokens 0 to "
                            + (table.weight().shape()[0] - 1) + "; does the tokenizer belong to it?",
                    e);
        }
    }

    /** The cache that was given, or a new one where {@code use_cache} asks for it; the caller of the model closes it. */
    public @Nullable DynamicCache cache() {
        if (args.get("past_key_values") instanceof DynamicCache given) {
            return given;
        }
        return isTrue("use_cache") ? new DynamicCache() : null;
    }

    /** Whether a keyword was given as true. */
    public boolean isTrue(String keyword) {
        return Boolean.TRUE.equals(args.get(keyword));
    }

    /** int64 {@code [seq]}: where in the sequence the tokens of this call stand, pads counted. */
    public static Tensor cachePositions(long past, Tensor hidden) {
        return POSITIONS.tensor(past, past + hidden.size(1), hidden);
    }

    public @Nullable Tensor givenPositionIds() {
        return tensor("position_ids");
    }

    /** {@code attention_mask}, or ones {@code [batch, past + seq]} where none was given. */
    public Tensor maskOrOnes(long past, Tensor hidden) {
        Tensor given = attentionMask();
        return given != null
                ? given
                : Tensor.full(1, DType.INT64, hidden.device(), hidden.size(0), past + hidden.size(1));
    }

    /** What was given, or {@code otherwise} with a batch dimension of 1. */
    public Tensor positionIds(Tensor otherwise) {
        Tensor given = tensor("position_ids");
        return given != null ? given : otherwise.unsqueeze(0);
    }

    /**
     * The hidden states that the head shall read: the last {@code logits_to_keep} tokens', all where that is 0 or left out.
     *
     * @param hidden {@code [batch, seq, hidden]}
     */
    public Tensor keptForLogits(Tensor hidden) {
        Object keep = args.get("logits_to_keep");
        if (keep instanceof Tensor positions) {
            return hidden.indexSelect(1, positions);
        }
        long count = keep instanceof Number number ? number.longValue() : 0;
        long length = hidden.size(1);
        return count <= 0 || count >= length ? hidden : hidden.narrow(1, length - count, count);
    }
}
