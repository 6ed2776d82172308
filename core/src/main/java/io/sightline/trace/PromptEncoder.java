package io.sightline.trace;

import io.sightline.envoy.Arguments;
import io.sightline.envoy.Proxy;
import io.sightline.envoy.RecordedRun;
import io.sightline.graph.Value;
import io.sightline.token.LeftPadding;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a language model's input as nnsight's wire format has it: a dict with padded {@code input_ids} and their mask. */
final class PromptEncoder {
    private final CheckpointWeights weights;

    PromptEncoder(CheckpointWeights weights) {
        this.weights = weights;
    }

    EncodedInput encode(Arguments inputs) {
        if (inputs.positional().length != 1) {
            throw new IllegalArgumentException(
                    "a language model takes one input for each invoke: a text, a list of texts, ids, or a map; got "
                            + inputs.positional().length);
        }
        Object input = inputs.positional()[0];
        if (input instanceof Proxy) {
            return bridged(input);
        }
        Map<String, Value> dict = input instanceof Map<?, ?> ? given(input) : padded(rows(input));
        inputs.keywords().entries().forEach((name, value) -> {
            if (!name.equals(TokenRows.LABELS)) {
                throw new IllegalArgumentException("'" + name + "' can't go with an input; 'labels' can");
            }
            List<long[]> labels = rows(value);
            dict.put(name, padded(labels, CheckpointRun.IGNORED_LABEL));
        });
        return new EncodedInput(new Value.TupleValue(List.of(new Value.DictValue(dict))), width(dict));
    }

    /** A value of the session, known when the trace runs. */
    private EncodedInput bridged(Object input) {
        RecordedRun run = weights.recorder().run();
        if (run == null) {
            throw new IllegalStateException("a proxy can be an input only inside a session");
        }
        return new EncodedInput(new Value.TupleValue(List.of(Bridged.keep(run, weights.recorder(), input))), 0);
    }

    private static int width(Map<String, Value> dict) {
        return dict.get(TokenRows.IDS) instanceof Value.TensorValue ids
                ? Math.toIntExact(ids.shape().get(ids.shape().size() - 1))
                : 0;
    }

    /** A map's own entries, as rectangles. */
    private Map<String, Value> given(@Nullable Object input) {
        Map<String, Value> dict = new LinkedHashMap<>();
        TokenRows.of(input).columns().forEach((key, rows) -> dict.put(key, rectangle(key, rows)));
        return dict;
    }

    private Value rectangle(String key, List<long[]> rows) {
        return padded(rows, key.equals(TokenRows.IDS) ? weights.padId() : 0);
    }

    /** As a graph has it, int64 {@code [rows, width]}. */
    private static Value padded(List<long[]> rows, long pad) {
        LeftPadding padding = LeftPadding.of(rows);
        return new Value.TensorValue(
                "int64", List.of((long) padding.rows(), (long) padding.width()), padding.pad(rows, pad), new double[0]);
    }

    private Map<String, Value> padded(List<long[]> rows) {
        Map<String, Value> dict = new LinkedHashMap<>();
        dict.put(TokenRows.IDS, padded(rows, weights.padId()));
        dict.put(TokenRows.MASK, padded(LeftPadding.masks(rows), 0));
        return dict;
    }

    /** Ids, or texts' ids. */
    List<long[]> rows(@Nullable Object input) {
        if (IdRows.isNumbers(input)) {
            return IdRows.of(input, TokenRows.IDS);
        }
        Collection<?> texts = input instanceof CharSequence text
                ? List.of(text)
                : input instanceof Object[] array
                        ? Arrays.asList(array)
                        : input instanceof Collection<?> many ? many : List.of();
        if (texts.isEmpty() || !texts.stream().allMatch(text -> text instanceof CharSequence)) {
            throw new IllegalArgumentException(
                    "expected a text, texts, token ids or a map with input_ids, got " + input);
        }
        return IdRows.of(
                texts.stream()
                        .map(text -> weights.tokenizer().encode(text.toString()).ids())
                        .toList(),
                "the text");
    }
}
