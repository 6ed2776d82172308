package io.sightline.job.ml;

import io.sightline.job.config.TokenSelection;
import io.sightline.job.config.TokenSelection.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The {@code tokens} parameter: {@code last}, {@code first}, {@code mean}, {@code all} or a list of positions, {@code [0, -1]}. */
final class TokenChoice {
    private static final List<String> KINDS = List.of("last", "first", "mean", "all");
    private static final Pattern POSITIONS = Pattern.compile("\\[\\s*-?\\d{1,9}\\s*(,\\s*-?\\d{1,9}\\s*)*]");

    private TokenChoice() {}

    static boolean isValid(String text) {
        return KINDS.contains(text) || POSITIONS.matcher(text).matches();
    }

    static TokenSelection read(String text) {
        if (KINDS.contains(text)) {
            return TokenSelection.of(Kind.valueOf(text.toUpperCase(Locale.ROOT)));
        }
        List<Integer> positions = Arrays.stream(
                        text.substring(1, text.length() - 1).split(","))
                .map(position -> Integer.valueOf(position.strip()))
                .toList();
        return new TokenSelection(Kind.INDICES, positions);
    }

    /** Whether a prompt has one vector, rather than a list of them. */
    static boolean isPooled(String text) {
        return KINDS.contains(text) && !text.equals("all");
    }
}
