package io.sightline.interleave.function;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph comes from strangers, and a size is all it takes to ask for the machine's whole memory. */
final class SizeLimit {
    private static final long MOST_ELEMENTS = 1L << 31;

    private SizeLimit() {}

    /** @throws IllegalArgumentException if the call would make a tensor of more elements than a graph may */
    static void check(String function, List<@Nullable Object> positional, Map<String, @Nullable Object> keywords) {
        ResultSizes.Measure measure = ResultSizes.TABLE.get(function);
        if (measure == null) {
            return;
        }
        double elements = measure.elements(new SizedCall(positional, keywords));
        if (elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException(String.format(
                    "torch.%s would make %.0f elements; a graph may make %d at a time",
                    function, elements, MOST_ELEMENTS));
        }
    }
}
