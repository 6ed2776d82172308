package io.sightline.interleave.function;

import io.sightline.python.SizeMismatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The two sides of an einops pattern: for each dimension the axes that it is made of. */
final class EinopsPattern {
    private static final String ELLIPSIS = "...";

    private final String text;
    private final List<List<String>> left;
    private final List<List<String>> right;

    private EinopsPattern(String text, List<List<String>> left, List<List<String>> right) {
        this.text = text;
        this.left = left;
        this.right = right;
    }

    static EinopsPattern parse(String text) {
        String[] sides = text.split("->", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException("an einops pattern has two sides, 'b t d -> b d t', not '" + text + "'");
        }
        return new EinopsPattern(text, side(sides[0], text), side(sides[1], text));
    }

    private static List<List<String>> side(String side, String text) {
        List<List<String>> groups = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<String> open = null;
        int anonymous = 0;
        for (String token : side.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")) {
            if (token.equals("(") && open == null) {
                open = new ArrayList<>();
            } else if (token.equals(")") && open != null) {
                groups.add(open);
                open = null;
            } else if (!token.isEmpty()) {
                if (!token.matches("[A-Za-z_][A-Za-z0-9_]*|[1-9][0-9]*|\\.\\.\\.")
                        || !(token.matches("[0-9]+") || seen.add(token))) {
                    throw new IllegalArgumentException(
                            "'" + token + "' can't stand there in the einops pattern '" + text + "'");
                }
                // A number is an axis of its own, of that size; 1 is not a axis at all.
                String axis = token.matches("[0-9]+") ? token + "#" + anonymous++ : token;
                List<String> axes = token.equals("1") ? List.of() : List.of(axis);
                if (open == null) {
                    groups.add(axes);
                } else {
                    open.addAll(axes);
                }
            }
        }
        if (open != null) {
            throw new IllegalArgumentException("a bracket is left open in the einops pattern '" + text + "'");
        }
        return groups;
    }

    static boolean isNumber(String axis) {
        return axis.indexOf('#') > 0;
    }

    static long number(String axis) {
        return Long.parseLong(axis.substring(0, axis.indexOf('#')));
    }

    /** The left side for a tensor of that many dimensions, the ellipsis replaced by axes. */
    List<List<String>> left(int dimensions) {
        int named =
                (int) left.stream().filter(group -> !group.contains(ELLIPSIS)).count();
        boolean elided = named < left.size();
        if (elided ? dimensions < named : dimensions != named) {
            throw new SizeMismatch(
                    "a tensor of " + dimensions + " dimensions does not fit the einops pattern '" + text + "'");
        }
        return expanded(left, dimensions - named);
    }

    List<List<String>> right(int dimensions) {
        int named =
                (int) left.stream().filter(group -> !group.contains(ELLIPSIS)).count();
        return expanded(right, dimensions - named);
    }

    private static List<List<String>> expanded(List<List<String>> groups, int elided) {
        List<List<String>> result = new ArrayList<>();
        for (List<String> group : groups) {
            if (group.equals(List.of(ELLIPSIS))) {
                for (int i = 0; i < elided; i++) {
                    result.add(List.of(ELLIPSIS + i));
                }
            } else {
                List<String> axes = new ArrayList<>();
                for (String axis : group) {
                    if (axis.equals(ELLIPSIS)) {
                        for (int i = 0; i < elided; i++) {
                            axes.add(ELLIPSIS + i);
                        }
                    } else {
                        axes.add(axis);
                    }
                }
                result.add(axes);
            }
        }
        return result;
    }

    @Override
    public String toString() {
        return text;
    }
}
