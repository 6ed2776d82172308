package io.sightline.interleave.function;

import io.sightline.python.PythonList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The methods of Python's str. {@code format} is not among them: it reaches attributes of its arguments. */
final class TextMethods {
    static final Map<String, Function> TABLE = Map.ofEntries(
            Map.entry("upper", a -> a.text(0).toUpperCase(Locale.ROOT)),
            Map.entry("lower", a -> a.text(0).toLowerCase(Locale.ROOT)),
            Map.entry("strip", a -> a.text(0).strip()),
            Map.entry("lstrip", a -> a.text(0).stripLeading()),
            Map.entry("rstrip", a -> a.text(0).stripTrailing()),
            Map.entry("split", TextMethods::split),
            Map.entry("join", TextMethods::join),
            Map.entry("replace", a -> a.text(0).replace(a.text(1), a.text(2))),
            Map.entry("startswith", a -> a.text(0).startsWith(a.text(1))),
            Map.entry("endswith", a -> a.text(0).endsWith(a.text(1))),
            Map.entry("find", a -> (long) a.text(0).indexOf(a.text(1))));

    private TextMethods() {}

    private static Object split(CallArguments a) {
        List<String> parts = a.at(1, null) == null
                ? Arrays.stream(a.text(0).strip().split("\\s+"))
                        .filter(part -> !part.isEmpty())
                        .toList()
                : List.of(a.text(0).split(Pattern.quote(a.text(1)), -1));
        return new PythonList(parts);
    }

    private static @Nullable Object join(CallArguments a) {
        List<String> parts = new ArrayList<>();
        for (Object item : Builtins.items(a.at(1))) {
            if (!(item instanceof String part)) {
                throw new IllegalArgumentException("join() takes strings");
            }
            parts.add(part);
        }
        return String.join(a.text(0), parts);
    }
}
