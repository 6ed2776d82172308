package io.sightline.python;

import io.sightline.engine.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's {@code int} and {@code float}, of numbers, texts and tensors. */
public final class PythonConversions {
    private PythonConversions() {}

    /** {@code int(value)}; a tensor of one element counts as the number in it. */
    public static long toInt(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return toInt(tensor.item());
        } else if (value instanceof Double number) {
            if (Double.isNaN(number) || Math.abs(number) >= 0x1p63) {
                throw new IllegalArgumentException(
                        "cannot convert float " + PythonText.repr(number) + " to a 64-bit int");
            }
            return (long) (double) number;
        } else if (value instanceof String text) {
            try {
                return Long.parseLong(text.strip().replace("_", ""));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("invalid literal for int(): " + PythonText.repr(text), e);
            }
        }
        return PythonNumbers.asLong(value);
    }

    /** {@code float(value)}; a tensor of one element counts as the number in it. */
    public static double toFloat(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return toFloat(tensor.item());
        } else if (value instanceof String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                case "nan", "+nan", "-nan" -> Double.NaN;
                default -> parseFloat(text);
            };
        }
        return PythonNumbers.asDouble(value);
    }

    private static double parseFloat(String text) {
        if (!text.strip().matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            throw new IllegalArgumentException("could not convert string to float: " + PythonText.repr(text));
        }
        return Double.parseDouble(text.strip());
    }
}
