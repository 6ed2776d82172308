package io.sightline.job.input;

import io.sightline.job.config.PromptSource;
import io.sightline.job.input.BadPromptException.Reason;
import io.sightline.token.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Turns source rows into token ids, or says what is wrong with them. Threads may share it. */
public final class PromptTokenizer {
    private final @Nullable Tokenizer tokenizer;
    private final PromptSource source;
    private final long vocabulary;
    private final int maxLength;

    /**
     * @param tokenizer the checkpoint's; null where it has none, which is fine as long as ids are given
     * @param vocabulary how many ids the model embeds
     * @param positions how many tokens the model has positions for
     * @throws IllegalArgumentException if the job's settings can't be met by this tokenizer
     */
    public PromptTokenizer(@Nullable Tokenizer tokenizer, PromptSource source, long vocabulary, int positions) {
        this.tokenizer = tokenizer;
        this.source = source;
        this.vocabulary = vocabulary;
        this.maxLength = source.maxLength() == null ? positions : Math.min(source.maxLength(), positions);
        if (tokenizer == null && source.inputIds() == null) {
            throw new IllegalArgumentException(
                    "prompts.text needs a tokenizer, but the checkpoint has no tokenizer.json; "
                            + "give prompts.input_ids instead, or save the tokenizer beside the model");
        }
        if (source.prependBos().equals("true")
                && (tokenizer == null || tokenizer.bosId().isEmpty())) {
            throw new IllegalArgumentException(
                    "prompts.prepend_bos is true, but the checkpoint's tokenizer has no BOS token");
        }
    }

    /** The tokenizer's tokens by id; none without a tokenizer. */
    public Map<Long, String> vocabulary() {
        return tokenizer == null ? Map.of() : tokenizer.tokens();
    }

    /** Tokens a prompt may have. */
    public int maxLength() {
        return maxLength;
    }

    /**
     * @param ordinal the prompt's place in its chunk
     * @param id what the tables will call it
     */
    public TokenizedPrompt tokenize(SourcePrompt prompt, int ordinal, String id) throws BadPromptException {
        if (prompt.problem() != null) {
            throw new BadPromptException(Reason.UNUSABLE_ROW, prompt.problem());
        }
        boolean fromText = source.inputIds() == null;
        int invokes = source.invokes();
        long[][] ids = new long[invokes][];
        String[][] tokens = tokenizer == null ? null : new String[invokes][];
        for (int invoke = 0; invoke < invokes; invoke++) {
            ids[invoke] = fromText ? textIds(prompt.texts(), invoke) : fitted(given(prompt), 0, 0);
            if (tokens != null) {
                tokens[invoke] = spelled(ids[invoke]);
            }
        }
        String text = fromText ? prompt.texts().get(invokes - 1) : null;
        return new TokenizedPrompt(ordinal, id, text, ids, tokens, prompt.captured(), prompt.kept());
    }

    /** Text columns are often one and the same, to compare a plain with an edited run; they are tokenised once. */
    private long[] textIds(List<@Nullable String> texts, int invoke) throws BadPromptException {
        String text = texts.get(invoke);
        String column = source.text().get(invoke);
        if (text == null) {
            throw new BadPromptException(Reason.NULL_TEXT, column + " is null");
        }
        if (text.isEmpty()) {
            throw new BadPromptException(Reason.EMPTY_TEXT, column + " is empty");
        }
        return encoded(text, column);
    }

    private long[] encoded(String text, String column) throws BadPromptException {
        Tokenizer encoder = presentTokenizer();
        long[] ids;
        try {
            ids = withBos(encoder.encode(text).ids(), encoder);
        } catch (IllegalArgumentException e) {
            throw new BadPromptException(Reason.UNUSABLE_ROW, column + ": " + e.getMessage());
        }
        if (ids.length == 0) {
            throw new BadPromptException(Reason.NO_TOKENS, column + " has no tokens");
        }
        if (ids.length > maxLength) {
            long[] plain = encoder.encodeWithoutSpecialTokens(text).ids();
            int prefix = Math.max(0, indexOf(ids, plain));
            return fitted(ids, prefix, ids.length - prefix - plain.length);
        }
        checkKnown(ids, column);
        return ids;
    }

    private void checkKnown(long[] ids, String column) throws BadPromptException {
        for (long id : ids) {
            if (id >= vocabulary) {
                throw new BadPromptException(
                        Reason.BAD_TOKEN_ID,
                        "token id " + id + " in " + column + "; this model has ids 0 to " + (vocabulary - 1)
                                + "; is this its own tokenizer?");
            }
        }
    }

    private long[] withBos(long[] ids, Tokenizer encoder) {
        if (source.prependBos().equals("auto") || encoder.bosId().isEmpty()) {
            return ids;
        }
        long bos = encoder.bosId().getAsLong();
        boolean there = ids.length > 0 && ids[0] == bos;
        if (source.prependBos().equals("true")) {
            return there
                    ? ids
                    : LongStream.concat(LongStream.of(bos), Arrays.stream(ids)).toArray();
        }
        return there ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
    }

    private static int indexOf(long[] all, long[] part) {
        for (int start = 0; start + part.length <= all.length; start++) {
            if (Arrays.equals(all, start, start + part.length, part, 0, part.length)) {
                return start;
            }
        }
        return -1;
    }

    private long[] given(SourcePrompt prompt) throws BadPromptException {
        return TokenIds.read(prompt.ids(), vocabulary);
    }

    /** Cuts to the longest that is allowed, leaving special tokens at both ends alone. */
    private long[] fitted(long[] ids, int prefix, int suffix) throws BadPromptException {
        if (ids.length <= maxLength) {
            return ids;
        }
        int kept = maxLength - prefix - suffix;
        if (source.tooLong() == PromptSource.TooLong.ERROR || kept <= 0) {
            throw new BadPromptException(
                    Reason.TOO_LONG,
                    ids.length + " tokens; at most " + maxLength
                            + " are allowed (prompts.max_length, the model's positions)");
        }
        int from = source.tooLong() == PromptSource.TooLong.TRUNCATE_LEFT ? ids.length - suffix - kept : prefix;
        long[] cut = new long[maxLength];
        System.arraycopy(ids, 0, cut, 0, prefix);
        System.arraycopy(ids, from, cut, prefix, kept);
        System.arraycopy(ids, ids.length - suffix, cut, prefix + kept, suffix);
        return cut;
    }

    private String[] spelled(long[] ids) {
        Tokenizer speller = presentTokenizer();
        String[] tokens = new String[ids.length];
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = ids[i] < speller.vocabularySize() ? speller.token(ids[i]) : null;
        }
        return tokens;
    }

    private Tokenizer presentTokenizer() {
        if (tokenizer == null) {
            throw new IllegalStateException("no tokenizer");
        }
        return tokenizer;
    }
}
