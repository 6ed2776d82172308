package io.sightline.python;

import io.sightline.engine.DType;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * torch's {@code repr} of a tensor, with its defaults: 4 digits, at most 1000 elements in full, 3 at each edge of larger ones, lines of 80
 * (torch/_tensor_str.py).
 */
final class TensorText {
    private static final int DIGITS = 4;
    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;
    private static final int LINE = 80;

    private final long[] shape;
    private final double[] values;
    private final boolean summarise;
    private final DoubleFunction<String> format;
    private final int width;

    private TensorText(Tensor tensor) {
        shape = tensor.shape();
        values = tensor.toDoubleArray();
        summarise = values.length > THRESHOLD;
        format = tensor.dtype().isFloatingPoint()
                ? floatFormat(values)
                : tensor.dtype() == DType.BOOL ? v -> v != 0 ? "True" : "False" : v -> Long.toString((long) v);
        width = shape.length == 0
                ? 0
                : DoubleStream.of(values)
                        .map(v -> format.apply(v).length())
                        .mapToInt(v -> (int) v)
                        .max()
                        .orElse(0);
    }

    static String of(Tensor tensor) {
        if (tensor.device().isMeta()) {
            return "tensor(..., device='meta', size="
                    + PythonText.repr(new PythonList(new Size(tensor.shape())))
                            .replace("[", "(")
                            .replace("]", ")") + ")";
        }
        TensorText text = new TensorText(tensor);
        String body = text.values.length == 0 ? "[]" : text.dimension(0, 0, "tensor(".length());
        DType dtype = tensor.dtype();
        boolean usual = dtype == DType.FLOAT32 || dtype == DType.INT64 || dtype == DType.BOOL;
        String suffix = usual ? "" : ", dtype=" + dtype;
        if (text.values.length == 0 && text.shape.length != 1) {
            suffix = ", size=" + PythonText.repr(Tuple.copyOf(new Size(text.shape))) + suffix;
        }
        return "tensor(" + body + suffix + ")";
    }

    /** One format for all elements: integers as {@code 1.}, else fixed or scientific with 4 digits. */
    private static DoubleFunction<String> floatFormat(double[] values) {
        double[] nonzero = DoubleStream.of(values)
                .filter(v -> Double.isFinite(v) && v != 0)
                .map(Math::abs)
                .toArray();
        if (nonzero.length == 0) {
            return v -> special(v, "%.0f.");
        }
        double max = DoubleStream.of(nonzero).max().orElse(0);
        double min = DoubleStream.of(nonzero).min().orElse(0);
        boolean integers = DoubleStream.of(nonzero).allMatch(v -> v == Math.ceil(v));
        boolean scientific = integers ? max / min > 1000 || max > 1e8 : max / min > 1000 || max > 1e8 || min < 1e-4;
        String pattern = scientific ? "%." + DIGITS + "e" : integers ? "%.0f." : "%." + DIGITS + "f";
        return v -> special(v, pattern);
    }

    private static String special(double value, String pattern) {
        return Double.isNaN(value)
                ? "nan"
                : Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : String.format(Locale.ROOT, pattern, value);
    }

    private String dimension(int dimension, int from, int indent) {
        if (dimension == shape.length) {
            return format.apply(values[from]);
        }
        List<Integer> shown = shown((int) shape[dimension]);
        if (dimension == shape.length - 1) {
            return vector(shown, from, indent);
        }
        int stride = 1;
        for (int i = dimension + 1; i < shape.length; i++) {
            stride *= (int) shape[i];
        }
        List<String> items = new ArrayList<>();
        for (int index : shown) {
            items.add(index < 0 ? "..." : dimension(dimension + 1, from + index * stride, indent + 1));
        }
        String gap = "," + "\n".repeat(shape.length - dimension - 1) + " ".repeat(indent + 1);
        return "[" + String.join(gap, items) + "]";
    }

    /** The positions to show, -1 for the dots. */
    private List<Integer> shown(int size) {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (summarise && size > 2 * EDGE && i == EDGE) {
                shown.add(-1);
                i = size - EDGE;
            }
            shown.add(i);
        }
        return shown;
    }

    private String vector(List<Integer> shown, int from, int indent) {
        int perLine = Math.max(1, (LINE - indent) / (width + 2));
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < shown.size(); start += perLine) {
            lines.add(shown.subList(start, Math.min(shown.size(), start + perLine)).stream()
                    .map(index -> index < 0 ? " ..." : padded(values[from + index]))
                    .collect(Collectors.joining(", ")));
        }
        return "[" + String.join(",\n" + " ".repeat(indent + 1), lines) + "]";
    }

    private String padded(double value) {
        String text = format.apply(value);
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
