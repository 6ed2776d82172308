package io.sightline.interleave.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of float parameters against the schemas that libtorch itself prints when a call fits none. */
class FloatParametersTest {
    private static final Pattern SCHEMA = Pattern.compile("aten::[\\w.]+\\((.*)\\) -> (.*)");

    @Test
    void everyFloatParameterOfTheWhitelistIsListedAtItsPosition() {
        Map<String, Set<String>> listed = new HashMap<>();
        for (String line : Lists.lines("float-parameters.txt")) {
            List<String> words = List.of(line.split("\\s+"));
            listed.put(words.get(0), Set.copyOf(words.subList(1, words.size())));
        }
        Map<String, Set<String>> declared = new HashMap<>();
        whitelist().distinct().forEach(function -> {
            Set<String> parameters = declaredBy(function);
            if (!parameters.isEmpty()) {
                declared.put(function, parameters);
            }
        });
        assertThat(declared).containsAllEntriesOf(Map.of("dropout", Set.of("p@1")));
        assertThat(listed).isEqualTo(declared);
    }

    private static Stream<String> whitelist() {
        Stream<String> functional =
                Lists.lines("functional.txt").stream().map(line -> line.replaceAll(".*-> (\\w+)\\(.*", "$1"));
        return Stream.of(
                        Lists.read("torch-functions.txt").stream(),
                        Lists.read("tensor-methods.txt").stream(),
                        functional)
                .flatMap(names -> names);
    }

    private static Set<String> declaredBy(String function) {
        Throwable refusal =
                catchThrowable(() -> TorchFunction.call(function, List.of(), Map.of("no_such_parameter", 1L)));
        Set<String> parameters = new HashSet<>();
        Matcher schema = SCHEMA.matcher(refusal.getMessage());
        while (schema.find()) {
            boolean ofTensors = schema.group().contains("Tensor");
            boolean ofNumbers = function.equals("copy_") && schema.group(1).contains("float other");
            if (ofTensors && !ofNumbers && !schema.group(1).contains(" out")) {
                parameters.addAll(floats(schema.group(1)));
            }
        }
        return parameters;
    }

    private static List<String> floats(String schema) {
        List<String> floats = new ArrayList<>();
        int position = 0;
        boolean keywordsOnly = false;
        for (String parameter : schema.split(",\\s*(?![^\\[]*\\])")) {
            keywordsOnly |= parameter.equals("*");
            if (parameter.matches("float\\?? .*")) {
                String name = parameter.replaceAll("float\\?? (\\w+).*", "$1");
                floats.add(keywordsOnly ? name : name + "@" + position);
            }
            position++;
        }
        return floats;
    }

    @Test
    void anIntIsTakenForAFloatByPositionAndByKeyword() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 2}, 2);
            assertThat(TorchCall.tensor("dropout", x, 0L, true).toFloatArray()).containsExactly(1, 2);
            assertThat(((Tensor) TorchCall.call("nan_to_num", List.of(x), Map.of("nan", 3L))).toFloatArray())
                    .containsExactly(1, 2);
            assertThat(TorchCall.tensor("quantile", x, 1L).item()).isEqualTo(2.0);
        }
    }
}
