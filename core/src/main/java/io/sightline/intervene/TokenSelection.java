package io.sightline.intervene;

import java.util.List;
import java.util.stream.IntStream;

/** Which tokens of a row: pads are never counted. */
public sealed interface TokenSelection {
    TokenSelection ALL = new Named(Name.ALL);
    TokenSelection FIRST = new Named(Name.FIRST);
    TokenSelection LAST = new Named(Name.LAST);
    TokenSelection PROMPT = new Named(Name.PROMPT);
    TokenSelection GENERATED = new Named(Name.GENERATED);

    /** What a job file calls {@code all}, {@code first}, {@code last} … First and last are the prompt's. */
    enum Name {
        ALL,
        FIRST,
        LAST,
        PROMPT,
        GENERATED
    }

    record Named(Name name) implements TokenSelection {}

    /** Tokens of the prompt by number, from its end where negative; spans of characters are turned into these beforehand. */
    record At(List<Integer> positions) implements TokenSelection {
        public At {
            positions = List.copyOf(positions);
        }
    }

    static TokenSelection at(Integer... positions) {
        return new At(List.of(positions));
    }

    /**
     * The tokens' numbers, from 0, each once.
     *
     * @param prompt how many tokens the prompt has
     * @param all how many it has with what was generated
     * @throws IllegalArgumentException if the prompt has no such token
     */
    default int[] of(int prompt, int all) {
        if (this instanceof At at) {
            return at.positions().stream()
                    .mapToInt(position -> inPrompt(position, prompt))
                    .distinct()
                    .toArray();
        }
        return switch (((Named) this).name()) {
            case ALL -> IntStream.range(0, all).toArray();
            case PROMPT -> IntStream.range(0, prompt).toArray();
            case GENERATED -> IntStream.range(prompt, all).toArray();
            case FIRST -> new int[] {0};
            case LAST -> new int[] {prompt - 1};
        };
    }

    private static int inPrompt(int position, int tokens) {
        if (position >= tokens || position < -tokens) {
            throw new IllegalArgumentException("the prompt has " + tokens + " tokens, none at position " + position);
        }
        return position < 0 ? position + tokens : position;
    }
}
