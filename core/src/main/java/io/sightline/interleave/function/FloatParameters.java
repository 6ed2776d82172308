package io.sightline.interleave.function;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives floats to the parameters that ATen declares as floats: Python takes an int there, TorchScript's compiler does not. */
final class FloatParameters {
    private static final Map<String, List<Parameter>> TABLE = table();

    private FloatParameters() {}

    private record Parameter(String name, int position) {
        /** Of {@code eps@3}, or of {@code scale}, which is passed by keyword only. */
        static Parameter parse(String text) {
            String[] halves = text.split("@");
            return new Parameter(halves[0], halves.length == 2 ? Integer.parseInt(halves[1]) : Integer.MAX_VALUE);
        }
    }

    private static Map<String, List<Parameter>> table() {
        Map<String, List<Parameter>> table = new HashMap<>();
        for (String line : Lists.lines("float-parameters.txt")) {
            List<String> words = List.of(line.split("\\s+"));
            table.put(
                    words.get(0),
                    words.subList(1, words.size()).stream()
                            .map(Parameter::parse)
                            .toList());
        }
        return table;
    }

    /** Replaces the ints among the float arguments of {@code function}, in place. */
    static void convert(String function, List<@Nullable Object> positional, Map<String, @Nullable Object> keywords) {
        for (Parameter parameter : TABLE.getOrDefault(function, List.of())) {
            int position = parameter.position();
            if (position < positional.size() && positional.get(position) instanceof Long number) {
                positional.set(position, number.doubleValue());
            } else if (keywords.get(parameter.name()) instanceof Long number) {
                keywords.put(parameter.name(), number.doubleValue());
            }
        }
    }
}
