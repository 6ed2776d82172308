package io.sightline.job.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** A chunk's prompts in their own order, each with its id. */
public final class ChunkPrompts {
    private static final int SHORT_HASH = 16;

    private ChunkPrompts() {}

    /** A prompt and what the tables call it. */
    public record Named(String id, SourcePrompt prompt) {}

    /**
     * Sorts by id. Without an id column the id is the content's hash (16 hex digits) and, after a dash, the occurrence; equal contents
     * are distinguished by their kept columns first.
     *
     * @throws IllegalStateException if there are not {@code planned} of them: the source was changed after the plan was made
     */
    public static List<Named> inOrder(Iterator<SourcePrompt> prompts, boolean identified, int planned) {
        List<SourcePrompt> sorted = new ArrayList<>();
        prompts.forEachRemaining(sorted::add);
        if (sorted.size() != planned) {
            throw new IllegalStateException("the prompts changed while the job ran: a chunk of " + planned + " has "
                    + sorted.size() + " now; run the job again with --overwrite");
        }
        sorted.sort(
                Comparator.comparing(SourcePrompt::key).thenComparing(prompt -> Arrays.deepToString(prompt.kept())));
        List<Named> named = new ArrayList<>(sorted.size());
        int occurrence = 0;
        for (int i = 0; i < sorted.size(); i++) {
            SourcePrompt prompt = sorted.get(i);
            occurrence = i > 0 && prompt.key().equals(sorted.get(i - 1).key()) ? occurrence + 1 : 0;
            named.add(new Named(
                    identified ? prompt.key() : prompt.key().substring(0, SHORT_HASH) + "-" + occurrence, prompt));
        }
        return named;
    }

    /** Prompts that can go through the model, and those that can't. */
    public record Tokenized(List<TokenizedPrompt> good, List<Bad> bad) {}

    /** A prompt that can't go through the model. */
    public record Bad(int ordinal, String id, BadPromptException reason) {}

    /** Tokenises a chunk. */
    public static Tokenized tokenize(List<Named> named, PromptTokenizer tokenizer) {
        List<TokenizedPrompt> good = new ArrayList<>(named.size());
        List<Bad> bad = new ArrayList<>();
        for (int ordinal = 0; ordinal < named.size(); ordinal++) {
            String id = named.get(ordinal).id();
            try {
                good.add(tokenizer.tokenize(named.get(ordinal).prompt(), ordinal, id));
            } catch (BadPromptException e) {
                bad.add(new Bad(ordinal, id, e));
            }
        }
        return new Tokenized(good, bad);
    }
}
