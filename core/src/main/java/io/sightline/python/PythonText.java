package io.sightline.python;

import io.sightline.engine.Ellipsis;
import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.nn.Repr;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How Python shows a value: {@code str} and {@code repr}. */
public final class PythonText {
    private PythonText() {}

    /** {@code str(value)}. */
    public static String str(@Nullable Object value) {
        return value instanceof String text ? text : repr(value);
    }

    /** {@code repr(value)}. */
    public static String repr(@Nullable Object value) {
        if (value == null) {
            return "None";
        } else if (value instanceof Boolean bool) {
            return Repr.bool(bool);
        } else if (value instanceof Double number) {
            return number(number);
        } else if (value instanceof String text) {
            return quoted(text);
        } else if (value instanceof Tensor tensor) {
            return TensorText.of(tensor);
        } else if (value instanceof Size size) {
            return "torch.Size(" + join(size, "[", "]") + ")";
        } else if (value instanceof PythonList list) {
            return join(list, "[", "]");
        } else if (value instanceof List<?> tuple) {
            return tuple.size() == 1 ? join(tuple, "(", ",)") : join(tuple, "(", ")");
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> repr(e.getKey()) + ": " + repr(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        } else if (value instanceof Set<?> set) {
            return set.isEmpty()
                    ? "set()"
                    : set.stream().map(PythonText::repr).collect(Collectors.joining(", ", "{", "}"));
        } else if (value instanceof Slice slice) {
            return "slice(" + repr(slice.start()) + ", " + repr(slice.stop()) + ", " + repr(slice.step()) + ")";
        } else if (value instanceof Ellipsis) {
            return "Ellipsis";
        }
        return String.valueOf(value);
    }

    private static String join(List<?> items, String open, String close) {
        return items.stream().map(PythonText::repr).collect(Collectors.joining(", ", open, close));
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        } else if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        return Repr.number(value);
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        String escaped = text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("\r", "\\r");
        return quote + (quote == '\'' ? escaped.replace("'", "\\'") : escaped) + quote;
    }
}
