package io.sightline.torchscript;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's conversions and arithmetic of plain numbers, texts and lists, as TorchScript has them. */
final class Scalars {
    private Scalars() {}

    static boolean truth(@Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof Boolean bool) {
            return bool;
        } else if (plain instanceof Number number) {
            return number.doubleValue() != 0;
        }
        throw new UnsupportedOperationException("the code asks whether " + plain + " is true");
    }

    static long integer(@Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        return plain instanceof String text
                ? Long.parseLong(text.strip())
                : number(plain).longValue();
    }

    static double real(@Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof String text) {
            return text.equals("inf")
                    ? Double.POSITIVE_INFINITY
                    : text.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(text);
        }
        return plain instanceof Boolean bool ? (bool ? 1 : 0) : number(plain).doubleValue();
    }

    /** A tensor of one element counts as the number in it. */
    private static Object plain(@Nullable Object value) {
        return value instanceof Tensor tensor ? tensor.item() : Frame.some(value);
    }

    private static Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new UnsupportedOperationException("the code takes " + value + " for a number");
    }

    /** Whether values can be worked on without torch. */
    static boolean arePlain(List<@Nullable Object> values) {
        for (Object value : values) {
            if (value instanceof Tensor) {
                return false;
            }
        }
        return true;
    }

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return x instanceof Long && y instanceof Long
                    ? x.longValue() == y.longValue()
                    : x.doubleValue() == y.doubleValue();
        }
        checkComparable(a);
        checkComparable(b);
        return a == null ? b == null : a.equals(b);
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

    static int compare(@Nullable Object a, @Nullable Object b) {
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        Number x = number(plain(a));
        Number y = number(plain(b));
        return x instanceof Long && y instanceof Long
                ? Long.compare(x.longValue(), y.longValue())
                : Double.compare(x.doubleValue(), y.doubleValue());
    }

    /** {@code + - * // % **} of two numbers: ints stay ints. */
    static Object arithmetic(String operation, @Nullable Object a, @Nullable Object b) {
        Object x = a instanceof Boolean bool ? (bool ? 1L : 0L) : plain(a);
        Object y = b instanceof Boolean bool ? (bool ? 1L : 0L) : plain(b);
        return x instanceof Long i && y instanceof Long j
                ? whole(operation, i, j)
                : (Object)
                        fractional(operation, number(x).doubleValue(), number(y).doubleValue());
    }

    private static Object whole(String operation, long a, long b) {
        return switch (operation) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul" -> a * b;
            case "div" -> (double) a / b;
            case "floordiv" -> Math.floorDiv(a, b);
            case "remainder" -> Math.floorMod(a, b);
            // TorchScript's int ** int is a float.
            case "pow" -> Math.pow(a, b);
            default -> throw new UnsupportedOperationException("'" + operation + "' of two ints");
        };
    }

    private static double fractional(String operation, double a, double b) {
        return switch (operation) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul" -> a * b;
            case "div" -> a / b;
            case "floordiv" -> Math.floor(a / b);
            case "remainder" -> a - b * Math.floor(a / b);
            case "pow" -> Math.pow(a, b);
            default -> throw new UnsupportedOperationException("'" + operation + "' of two floats");
        };
    }
}
