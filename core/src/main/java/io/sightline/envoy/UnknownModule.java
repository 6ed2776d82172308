package io.sightline.envoy;

import io.sightline.spelling.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The message for a module name that a model does not have: what is there, and the nearest name. */
final class UnknownModule {
    private UnknownModule() {}

    static IllegalArgumentException error(Envoy parent, String name, String wanted) {
        List<String> names = List.copyOf(parent.childNames());
        boolean isRoot = parent.path().isEmpty();
        String within = isRoot ? "" : parent.path().substring(1);
        String where = isRoot ? "the model" : "'" + within + "'";
        String prefix = isRoot ? "" : within + ".";
        String hint = nearest(name, names)
                .map(nearest -> "; did you mean '" + prefix + nearest + "'?")
                .orElse("");
        return new IllegalArgumentException("no module '" + wanted + "': " + where + " has " + describe(names) + hint);
    }

    private static String describe(List<String> names) {
        if (names.isEmpty()) {
            return "no modules inside";
        }
        return isNumbered(names) ? names.get(0) + " to " + names.get(names.size() - 1) : String.join(", ", names);
    }

    /** Of numbered modules the first or the last, on whichever side the wanted number lies. */
    private static Optional<String> nearest(String name, List<String> names) {
        if (!names.isEmpty() && isNumbered(names) && name.matches("-?\\d+")) {
            return Optional.of(names.get(name.startsWith("-") ? 0 : names.size() - 1));
        }
        return Nearest.to(name, names);
    }

    private static boolean isNumbered(Collection<String> names) {
        return names.stream().allMatch(name -> name.matches("\\d+"));
    }
}
