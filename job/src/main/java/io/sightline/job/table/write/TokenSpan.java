package io.sightline.job.table.write;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that consecutive rows stand for. Arrays are shared, not copied: leave them alone until the chunk is committed.
 *
 * @param position of {@code ids[0]} among the prompt's real tokens; -1: rows stand for no token, position and token columns are null
 * @param ids token ids; null where there are none (a model without tokens)
 * @param texts each id's token as text; null where there is no tokenizer
 * @param from first token of the span, an index into the arrays
 * @param count tokens of the span, hence rows
 */
public record TokenSpan(
        int position, int @Nullable [] ids, @Nullable String @Nullable [] texts, int from, int count) {
    private static final TokenSpan POOLED = new TokenSpan(-1, null, null, 0, 1);

    public TokenSpan {
        if (position < -1 || from < 0 || count < 0) {
            throw new IllegalArgumentException(
                    "no span of " + count + " tokens from " + from + " with the first at position " + position);
        }
        requireLength("ids", ids == null ? -1 : ids.length, from + count);
        requireLength("texts", texts == null ? -1 : texts.length, from + count);
    }

    /** All tokens of a prompt, or, of a generation step, those it added: the first one is at {@code position}. */
    public static TokenSpan of(int position, int[] ids, @Nullable String @Nullable [] texts) {
        return new TokenSpan(position, ids, texts, 0, ids.length);
    }

    /** {@code count} tokens of which only the positions are known. */
    public static TokenSpan positions(int position, int count) {
        return new TokenSpan(position, null, null, 0, count);
    }

    /** One row that stands for no single token: a mean, say. */
    public static TokenSpan pooled() {
        return POOLED;
    }

    /** {@code rows} tokens of this span, from its {@code first}. */
    public TokenSpan slice(int first, int rows) {
        Objects.checkFromIndexSize(first, rows, count);
        return new TokenSpan(position, ids, texts, from + first, rows);
    }

    boolean isPooled() {
        return position < 0;
    }

    int positionOf(int row) {
        return position + from + row;
    }

    private static void requireLength(String name, int length, int needed) {
        if (length >= 0 && length < needed) {
            throw new IllegalArgumentException("the span needs " + needed + " " + name + ", there are " + length);
        }
    }
}
