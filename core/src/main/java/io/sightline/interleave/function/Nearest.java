package io.sightline.interleave.function;

import java.util.Collection;
import java.util.Comparator;

/** The known name that an unknown one most likely meant. */
public final class Nearest {
    private Nearest() {}

    /** {@code "; did you mean 'x'?"}, or nothing where no name is near. */
    public static String hint(String name, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .filter(best -> distance(name, best) <= Math.max(2, name.length() / 3))
                .map(best -> "; did you mean '" + best + "'?")
                .orElse("");
    }

    /** Levenshtein's distance, of names cut to 200 characters. */
    private static int distance(String a, String b) {
        String x = a.substring(0, Math.min(200, a.length()));
        String y = b.substring(0, Math.min(200, b.length()));
        int[] row = new int[y.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= x.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (x.charAt(i - 1) == y.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[y.length()];
    }
}
