package io.sightline.trace;

import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one invoke: {@code input_ids}, and whatever else came with them, each a row of the same length.
 *
 * @param columns by transformers' keyword
 */
record TokenRows(Map<String, List<long[]>> columns) {
    static final String IDS = "input_ids";
    static final String MASK = "attention_mask";
    static final String POSITIONS = "position_ids";
    static final String LABELS = "labels";
    static final String TYPES = "token_type_ids";

    private static final List<String> KNOWN = List.of(IDS, MASK, POSITIONS, LABELS, TYPES);

    /**
     * Reads an invoke's input: a map with {@code input_ids}, or ids alone; a tuple of one of these, as the wire has it.
     *
     * @throws IllegalArgumentException naming the key that is unknown or does not fit
     */
    static TokenRows of(@Nullable Object input) {
        if (input instanceof Tuple tuple) {
            if (tuple.size() != 1) {
                throw new IllegalArgumentException(
                        "a language model takes one input for each invoke, not " + tuple.size());
            }
            return of(tuple.get(0));
        }
        Map<String, List<long[]>> columns = new LinkedHashMap<>();
        if (!(input instanceof Map<?, ?> map)) {
            columns.put(IDS, IdRows.of(input, IDS));
            return new TokenRows(columns);
        }
        if (!map.containsKey(IDS)) {
            throw new IllegalArgumentException("an input map needs input_ids; this one has " + map.keySet());
        }
        map.forEach((key, value) -> {
            if (!KNOWN.contains(key)) {
                throw new IllegalArgumentException(
                        "'" + key + "' is not an input of a language model; known: " + String.join(", ", KNOWN));
            }
            columns.put((String) key, IdRows.of(value, (String) key));
        });
        return new TokenRows(columns).checked();
    }

    private TokenRows checked() {
        columns.forEach((key, rows) -> {
            boolean fits = rows.size() == ids().size();
            for (int i = 0; fits && i < rows.size(); i++) {
                fits = rows.get(i).length == ids().get(i).length;
            }
            if (!fits) {
                throw new IllegalArgumentException("'" + key + "' does not have the shape of input_ids: " + rows.size()
                        + " rows for " + ids().size() + ", or rows of other lengths");
            }
        });
        return this;
    }

    List<long[]> ids() {
        return column(IDS);
    }

    boolean has(String key) {
        return columns.containsKey(key);
    }

    private List<long[]> column(String key) {
        List<long[]> rows = columns.get(key);
        if (rows == null) {
            throw new IllegalStateException("there is no " + key);
        }
        return rows;
    }

    /** The rows under {@code key}, or rows of {@code otherwise} where there are none. */
    List<long[]> column(String key, long otherwise) {
        if (has(key)) {
            return column(key);
        }
        List<long[]> rows = new ArrayList<>();
        for (long[] ids : ids()) {
            long[] row = new long[ids.length];
            Arrays.fill(row, otherwise);
            rows.add(row);
        }
        return rows;
    }

    int size() {
        return ids().size();
    }
}
