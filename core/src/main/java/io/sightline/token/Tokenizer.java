package io.sightline.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's tokenizer.json, run by Hugging Face's own library: no truncation, no padding, exactly the ids that Python's fast
 * tokenizer gives. Threads may share it.
 */
public final class Tokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";
    private static final Map<String, String> AS_IT_IS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final SpecialTokens special;

    private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, SpecialTokens special) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.special = special;
    }

    /**
     * Token ids of one text with, for each, the token as the vocabulary writes it and where it stands in the text.
     *
     * @param offsets {@code {start, end}} in Java chars, {@code text.substring(start, end)}; {@code {0, 0}} for a token that stands for
     *     nothing in the text, such as BOS
     */
    @SuppressWarnings("ArrayRecordComponent") // read-only by convention; lists of boxed ids would cost a job dearly
    public record Encoding(long[] ids, String[] tokens, int[][] offsets) {}

    /** Whether the directory has a tokenizer.json. */
    public static boolean isPresent(Path modelDirectory) {
        return Files.isRegularFile(modelDirectory.resolve(FILE));
    }

    /**
     * Opens the tokenizer of a checkpoint's directory.
     *
     * @throws IllegalArgumentException if there is not a tokenizer.json, or it is not one
     */
    public static Tokenizer open(Path modelDirectory) {
        Path file = modelDirectory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(modelDirectory + " has no " + FILE
                    + ", so text cannot be tokenised; give input_ids instead, or save the tokenizer there"
                    + " (AutoTokenizer.from_pretrained(name).save_pretrained(dir))");
        }
        // DJL looks for its files on the network unless it is configured not to.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            byte[] json = Files.readAllBytes(file);
            JsonNode tree = new ObjectMapper().readTree(json);
            Templates.check(file, tree);
            Vocabulary vocabulary = Vocabulary.of(tree);
            SpecialTokens special = SpecialTokens.read(modelDirectory, vocabulary);
            return new Tokenizer(load(file, json), vocabulary, special);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + " or a file beside it is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static HuggingFaceTokenizer load(Path file, byte[] json) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), AS_IT_IS);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + " is not a tokenizer that can be read: " + e.getMessage(), e);
        }
    }

    /** As the tokenizer does by default: with the special tokens that it adds, BOS for Llama. */
    public Encoding encode(String text) {
        return encode(text, true);
    }

    /** The text alone. Special tokens that are spelled out in the text still count as such. */
    public Encoding encodeWithoutSpecialTokens(String text) {
        return encode(text, false);
    }

    private Encoding encode(String text, boolean addSpecialTokens) {
        checkWellFormed(text);
        ai.djl.huggingface.tokenizers.Encoding encoding = tokenizer.encode(text, addSpecialTokens, false);
        return new Encoding(encoding.getIds(), encoding.getTokens(), offsets(text, encoding.getCharTokenSpans()));
    }

    /** Half a surrogate pair has no UTF-8, which is what the library works on. */
    private static void checkWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new IllegalArgumentException("the text has half a surrogate pair at char " + i
                            + ", which is not a Unicode character; fix its encoding");
                }
                i++;
            }
        }
    }

    /** The library counts Unicode characters, Java counts UTF-16 units. */
    private static int[][] offsets(String text, @Nullable CharSpan[] spans) {
        boolean same = text.length() == text.codePointCount(0, text.length());
        int[][] offsets = new int[spans.length][];
        for (int i = 0; i < spans.length; i++) {
            CharSpan span = spans[i];
            int start = span == null ? 0 : span.getStart();
            int end = span == null ? 0 : span.getEnd();
            offsets[i] = same
                    ? new int[] {start, end}
                    : new int[] {text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end)};
        }
        return offsets;
    }

    /** The text of ids, special tokens spelled out. */
    public String decode(long[] ids) {
        return decode(ids, false);
    }

    public String decodeSkippingSpecialTokens(long[] ids) {
        return decode(ids, true);
    }

    private String decode(long[] ids, boolean skipSpecialTokens) {
        for (long id : ids) {
            if (id < 0 || id > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(id + " is not a token id");
            }
        }
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    /**
     * The token with {@code id} as the vocabulary writes it, {@code Ġthe}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String token(long id) {
        return vocabulary.token(id);
    }

    /** All tokens by id, added ones included, as {@link #token} gives them. */
    public Map<Long, String> tokens() {
        return vocabulary.tokens();
    }

    /** The id that opens a text, where the tokenizer has one. */
    public OptionalLong bosId() {
        return special.id("bos");
    }

    /** The id that ends a text, where the tokenizer has one. */
    public OptionalLong eosId() {
        return special.id("eos");
    }

    /** The tokenizer's own padding id; many have none, and callers then pad with EOS. */
    public OptionalLong padId() {
        return special.id("pad");
    }

    /** How many tokens there are, added ones included. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
