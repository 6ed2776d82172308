package io.sightline.interleave.function;

import io.sightline.engine.Slice;
import io.sightline.python.PythonList;
import io.sightline.python.PythonSequences;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets items and slices of lists. */
final class SequenceItems {
    private SequenceItems() {}

    static void set(PythonList list, @Nullable Object key, @Nullable Object value, RunContext host) {
        if (key instanceof Slice slice) {
            setSlice(list, slice, value, host);
            return;
        }
        host.inserted(list, value);
        Object before = list.set(PythonSequences.position(key, list.size()), value);
        host.removed(list, before);
    }

    private static void setSlice(PythonList list, Slice slice, @Nullable Object value, RunContext host) {
        List<Integer> positions = PythonSequences.positions(slice, list.size());
        if (!(value instanceof List<?> values) || values.size() != positions.size()) {
            throw new IllegalArgumentException("a slice of " + positions.size() + " items takes a list of as many");
        }
        List<@Nullable Object> items = new ArrayList<>(values);
        for (int i = 0; i < positions.size(); i++) {
            set(list, (long) positions.get(i), items.get(i), host);
        }
    }
}
