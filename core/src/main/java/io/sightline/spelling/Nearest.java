package io.sightline.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what a misspelt name was probably meant to be: the known one with the fewest edits, letter case aside. */
public final class Nearest {
    /** Names come from files that strangers wrote: a longer one is not worth the quadratic time. */
    private static final int LONGEST = 200;

    private Nearest() {}

    /** The known name closest to {@code given}, if it is close enough to be worth suggesting. */
    public static Optional<String> to(String given, Collection<String> known) {
        if (given.length() > LONGEST) {
            return Optional.empty();
        }
        int tolerated = Math.max(2, given.length() / 3);
        return known.stream()
                .filter(name -> edits(given, name) <= tolerated)
                .min(Comparator.comparingInt((String name) -> edits(given, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code "; did you mean 'name'?"}, or nothing. */
    public static String hint(String given, Collection<String> known) {
        return to(given, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    private static int edits(String given, String known) {
        return LevenshteinDistance.getDefaultInstance()
                .apply(given.toLowerCase(Locale.ROOT), known.toLowerCase(Locale.ROOT));
    }
}
