package io.sightline.torchscript;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.PythonNumbers;
import io.sightline.python.PythonOperators;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where TorchScript's numbers differ from Python's: division and powers give floats and never fail. */
final class Scalars {
    private Scalars() {}

    /** Whether values can be worked on without torch. */
    static boolean arePlain(List<@Nullable Object> values) {
        return values.stream().noneMatch(Tensor.class::isInstance);
    }

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        checkComparable(a);
        checkComparable(b);
        return Python.equal(a, b);
    }

    private static void checkComparable(@Nullable Object value) {
        boolean fine = value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Device
                || value instanceof Map
                || (value instanceof List<?> items && items.stream().noneMatch(Tensor.class::isInstance));
        if (!fine) {
            throw new UnsupportedOperationException("the code compares " + value);
        }
    }

    /** @param symbol Python's {@code + - * / // % **} */
    static @Nullable Object arithmetic(String symbol, @Nullable Object a, @Nullable Object b) {
        return switch (symbol) {
            case "/" -> PythonNumbers.asDouble(a) / PythonNumbers.asDouble(b);
            case "**" -> Math.pow(PythonNumbers.asDouble(a), PythonNumbers.asDouble(b));
            default -> PythonOperators.binary(symbol, a, b);
        };
    }
}
