package io.sightline.envoy;

import io.sightline.engine.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Python slice over a list of known length. */
record PythonSlice(int start, int stop, int step) {
    static PythonSlice of(Slice slice, int length) {
        int step = number(slice.step(), 1);
        if (step == 0) {
            throw new IllegalArgumentException("a slice's step can't be 0");
        }
        int lowest = step > 0 ? 0 : -1;
        int highest = step > 0 ? length : length - 1;
        int start = bound(slice.start(), step > 0 ? lowest : highest, length, lowest, highest);
        int stop = bound(slice.stop(), step > 0 ? highest : lowest, length, lowest, highest);
        return new PythonSlice(start, stop, step);
    }

    private static int bound(@Nullable Object bound, int ifNone, int length, int lowest, int highest) {
        if (bound == null) {
            return ifNone;
        }
        int number = number(bound, 0);
        return Math.max(lowest, Math.min(highest, number < 0 ? number + length : number));
    }

    private static int number(@Nullable Object value, int ifNone) {
        if (value == null) {
            return ifNone;
        } else if (value instanceof Number number) {
            return Math.toIntExact(number.longValue());
        }
        throw new IllegalArgumentException("modules are sliced by ints, not by " + value);
    }

    <T> List<T> pick(List<T> items) {
        List<T> picked = new ArrayList<>();
        for (int i = start; step > 0 ? i < stop : i > stop; i += step) {
            picked.add(items.get(i));
        }
        return picked;
    }
}
