package io.sightline.torchscript;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's text formatting, as far as messages of exceptions need it. */
final class Texts {
    private Texts() {}

    /** {@code "… {} …".format(values)}. */
    static String format(List<@Nullable Object> arguments) {
        return fill(arguments, "{}");
    }

    /** {@code "… %d …" % values}; every kind of {@code %} is written as it comes. */
    static String percent(List<@Nullable Object> arguments) {
        return fill(List.copyOf(arguments.stream().map(String::valueOf).toList()), "%");
    }

    private static String fill(List<? extends @Nullable Object> arguments, String mark) {
        String pattern = String.valueOf(arguments.get(0));
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 1; i < arguments.size(); i++) {
            int at = pattern.indexOf(mark, from);
            if (at < 0) {
                break;
            }
            text.append(pattern, from, at).append(arguments.get(i));
            // After a % stands one letter that says the kind.
            from = Math.min(pattern.length(), at + 2);
        }
        return text.append(pattern.substring(from)).toString();
    }
}
