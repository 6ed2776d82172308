package io.sightline.interleave.function;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code torch.nn.functional}, whose functions are written in Python with parameters of their own. {@code functional.txt} has one line each:
 * Python's signature, and the ATen function with the parameters it gets.
 */
final class FunctionalTable {
    private static final Pattern LINE = Pattern.compile("(\\w+)\\((.*?)\\)\\s*->\\s*(\\w+)\\((.*)\\)");
    private static final Map<String, Long> REDUCTIONS = Map.of("none", 0L, "mean", 1L, "sum", 2L);

    private FunctionalTable() {}

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        for (String line : Lists.lines("functional.txt")) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalStateException("functional.txt has a line that is none: " + line);
            }
            table.put(
                    matcher.group(1),
                    entry(
                            Signature.of(matcher.group(2)),
                            matcher.group(3),
                            List.of(matcher.group(4).split(",\\s*"))));
        }
        table.putAll(FunctionalExtras.table());
        return table;
    }

    private static Function entry(Signature signature, String aten, List<String> passed) {
        return a -> {
            Map<String, @Nullable Object> bound = signature.bind(withoutLegacy(a));
            List<@Nullable Object> arguments = new ArrayList<>();
            Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
            for (String parameter : passed) {
                String[] halves = parameter.split("=", 2);
                if (halves.length == 2) {
                    keywords.put(halves[0], value(bound, halves[1]));
                } else {
                    arguments.add(value(bound, parameter));
                }
            }
            boolean inPlace = Boolean.TRUE.equals(bound.get("inplace"));
            return TorchCall.call(inPlace ? aten + "_" : aten, arguments, keywords);
        };
    }

    private static @Nullable Object value(Map<String, @Nullable Object> bound, String parameter) {
        if (parameter.equals("reduction")) {
            return reduction(bound.get("reduction"));
        }
        return bound.containsKey(parameter) ? bound.get(parameter) : Signature.literal(parameter);
    }

    static long reduction(@Nullable Object name) {
        Long number = name instanceof String text ? REDUCTIONS.get(text) : null;
        if (number == null) {
            throw new IllegalArgumentException("reduction has to be 'none', 'mean' or 'sum', not " + name);
        }
        return number;
    }

    /** size_average and reduce are torch's old names of reduction. */
    private static CallArguments withoutLegacy(CallArguments a) {
        return a.without("_stacklevel").without("size_average").without("reduce");
    }
}
