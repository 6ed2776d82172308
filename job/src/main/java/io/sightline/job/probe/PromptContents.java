package io.sightline.job.probe;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which prompts are the same prompt: those with the same text, or with the same token ids (texts that a tokenizer does not distinguish, or that
 * were cut to the same tokens). Prompts and contents are numbers from 0 on.
 */
final class PromptContents implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] contentOfPrompt;
    private final long[] hashOfContent;

    private PromptContents(int[] contentOfPrompt, long[] hashOfContent) {
        this.contentOfPrompt = contentOfPrompt;
        this.hashOfContent = hashOfContent;
    }

    /**
     * @param textHashes a hash of each prompt's text; 0 for a prompt without one
     * @param idHashes a hash of each prompt's token ids; 0 for a prompt without any. Where all prompts have the same, they are a placeholder and
     *     say nothing
     */
    static PromptContents of(long[] textHashes, long[] idHashes) {
        int[] parents = new int[textHashes.length];
        Arrays.setAll(parents, i -> i);
        union(parents, textHashes);
        if (Arrays.stream(idHashes).distinct().limit(2).count() > 1) {
            union(parents, idHashes);
        }
        return numbered(parents, textHashes, idHashes);
    }

    private static void union(int[] parents, long[] hashes) {
        Map<Long, Integer> first = new HashMap<>();
        for (int prompt = 0; prompt < hashes.length; prompt++) {
            Integer same = hashes[prompt] == 0 ? null : first.putIfAbsent(hashes[prompt], prompt);
            if (same != null) {
                parents[root(parents, prompt)] = root(parents, same);
            }
        }
    }

    private static int root(int[] parents, int prompt) {
        int at = prompt;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    /** A content's hash is the smallest of its prompts' hashes, so that neither order nor prompt ids matter. */
    private static PromptContents numbered(int[] parents, long[] textHashes, long[] idHashes) {
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] contents = new int[parents.length];
        long[] hashes = new long[parents.length];
        Arrays.fill(hashes, Long.MAX_VALUE);
        for (int prompt = 0; prompt < parents.length; prompt++) {
            int content = numbers.computeIfAbsent(root(parents, prompt), r -> numbers.size());
            contents[prompt] = content;
            hashes[content] =
                    Math.min(hashes[content], textHashes[prompt] != 0 ? textHashes[prompt] : idHashes[prompt]);
        }
        return new PromptContents(contents, Arrays.copyOf(hashes, numbers.size()));
    }

    int count() {
        return hashOfContent.length;
    }

    int of(int prompt) {
        return contentOfPrompt[prompt];
    }

    long hash(int content) {
        return hashOfContent[content];
    }

    /** The contents of several prompts. */
    int[] of(int[] prompts) {
        return Arrays.stream(prompts).map(this::of).toArray();
    }

    /** Spreads the bits of a number (SplitMix64's finaliser). */
    static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
