package io.sightline.envoy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The message for a module name that a model does not have: what is there, and the nearest name. */
final class UnknownModule {
    private UnknownModule() {}

    static IllegalArgumentException error(Envoy parent, String name, String wanted) {
        Collection<String> names = parent.childNames();
        String where =
                parent.path().isEmpty() ? "the model" : "'" + parent.path().substring(1) + "'";
        String message = "no module '" + wanted + "': " + where + " has " + describe(names);
        if (!names.isEmpty()) {
            String nearest = names.stream()
                    .min(Comparator.comparingInt(candidate -> distance(candidate, name)))
                    .orElseThrow();
            String prefix = parent.path().isEmpty() ? "" : parent.path().substring(1) + ".";
            message += "; did you mean '" + prefix + nearest + "'?";
        }
        return new IllegalArgumentException(message);
    }

    private static String describe(Collection<String> names) {
        if (names.isEmpty()) {
            return "no modules inside";
        }
        List<String> all = List.copyOf(names);
        boolean numbered = all.stream().allMatch(name -> name.matches("\\d+"));
        return numbered ? all.get(0) + " to " + all.get(all.size() - 1) : String.join(", ", all);
    }

    /** Levenshtein's distance; numbers are compared by their difference. */
    private static int distance(String a, String b) {
        if (a.matches("\\d{1,8}") && b.matches("-?\\d{1,8}")) {
            return Math.abs(Integer.parseInt(a) - Integer.parseInt(b));
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
