package io.sightline.python;

import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operators of Python between values that are not tensors. */
public final class PythonOperators {
    /** Strings and lists beyond this are refused: a multiplication is all it takes to ask for terabytes. */
    private static final long LONGEST = 10_000_000;

    private PythonOperators() {}

    /**
     * {@code a <symbol> b}.
     *
     * @throws IllegalArgumentException where Python raises a TypeError
     */
    public static @Nullable Object binary(String symbol, @Nullable Object a, @Nullable Object b) {
        if (a != null && b != null && PythonNumbers.isNumber(a) && PythonNumbers.isNumber(b)) {
            Object result = numeric(symbol, a, b);
            if (result != null) {
                return result;
            }
        }
        if (symbol.equals("+") && a instanceof String x && b instanceof String y) {
            return limited(x.length() + (long) y.length()) ? x + y : x;
        } else if (symbol.equals("+") && a instanceof List<?> x && b instanceof List<?> y && sameKind(x, y)) {
            return concat(x, y);
        } else if (symbol.equals("*") && (a instanceof Long || b instanceof Long)) {
            return a instanceof Long times ? repeat(b, times) : repeat(a, PythonNumbers.asLong(b));
        } else if (a instanceof Set<?> x && b instanceof Set<?> y) {
            return sets(symbol, x, y);
        } else if (symbol.equals("|") && a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            PythonDict merged = new PythonDict(x);
            merged.putAll(y);
            return merged;
        }
        throw unsupported(symbol, a, b);
    }

    private static @Nullable Object numeric(String symbol, Object a, Object b) {
        return switch (symbol) {
            case "+" -> PythonNumbers.add(a, b);
            case "-" -> PythonNumbers.sub(a, b);
            case "*" -> PythonNumbers.mul(a, b);
            case "/" -> PythonNumbers.trueDivide(a, b);
            case "//" -> PythonNumbers.floorDivide(a, b);
            case "%" -> PythonNumbers.modulo(a, b);
            case "**" -> PythonNumbers.power(a, b);
            default -> PythonNumbers.areIntegral(a, b) ? bitwise(symbol, a, b) : null;
        };
    }

    private static @Nullable Object bitwise(String symbol, Object a, Object b) {
        boolean both = a instanceof Boolean && b instanceof Boolean;
        long x = PythonNumbers.asLong(a);
        long y = PythonNumbers.asLong(b);
        return switch (symbol) {
            case "&" -> both ? (Object) ((x & y) != 0) : (Object) (x & y);
            case "|" -> both ? (Object) ((x | y) != 0) : (Object) (x | y);
            case "^" -> both ? (Object) ((x ^ y) != 0) : (Object) (x ^ y);
            case "<<" -> PythonNumbers.shiftLeft(a, b);
            case ">>" -> PythonNumbers.shiftRight(a, b);
            default -> null;
        };
    }

    /** {@code a < b} and its like; {@code ==} and {@code !=} take anything. */
    public static boolean compare(String symbol, @Nullable Object a, @Nullable Object b) {
        if (symbol.equals("==")) {
            return Python.equal(a, b);
        } else if (symbol.equals("!=")) {
            return !Python.equal(a, b);
        }
        int order = order(symbol, a, b);
        return switch (symbol) {
            case "<" -> order == -1;
            case "<=" -> order == -1 || order == 0;
            case ">" -> order == 1;
            case ">=" -> order == 1 || order == 0;
            default -> throw unsupported(symbol, a, b);
        };
    }

    /** -1, 0, 1, or 2 where there is no order (NaN). */
    private static int order(String symbol, @Nullable Object a, @Nullable Object b) {
        if (PythonNumbers.isNumber(a) && PythonNumbers.isNumber(b)) {
            return PythonNumbers.compare(a, b);
        } else if (a instanceof String x && b instanceof String y) {
            return Integer.signum(x.compareTo(y));
        } else if (a instanceof List<?> x && b instanceof List<?> y && sameKind(x, y)) {
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!Python.equal(x.get(i), y.get(i))) {
                    return order(symbol, x.get(i), y.get(i));
                }
            }
            return Integer.compare(x.size(), y.size());
        }
        throw unsupported(symbol, a, b);
    }

    /** {@code -a}, {@code +a}, {@code ~a}, {@code abs(a)}. */
    public static Object unary(String symbol, @Nullable Object a) {
        if (a instanceof Double number) {
            switch (symbol) {
                case "-":
                    return -number;
                case "+":
                    return number;
                case "abs":
                    return Math.abs(number);
                default:
                    break;
            }
        } else if (PythonNumbers.isNumber(a)) {
            long number = PythonNumbers.asLong(a);
            return switch (symbol) {
                case "-" -> Math.negateExact(number);
                case "abs" -> Math.absExact(number);
                case "~" -> ~number;
                default -> number;
            };
        }
        throw new IllegalArgumentException("bad operand type for " + symbol + ": '" + Python.typeName(a) + "'");
    }

    /** {@code item in container}. */
    public static boolean contains(@Nullable Object container, @Nullable Object item) {
        if (container instanceof String text && item instanceof String part) {
            return text.contains(part);
        } else if (container instanceof List<?> items) {
            return items.stream().anyMatch(i -> Python.equal(i, item));
        } else if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        } else if (container instanceof Set<?> set) {
            return set.contains(item);
        }
        throw new IllegalArgumentException("argument of type '" + Python.typeName(container) + "' is not iterable");
    }

    private static boolean sameKind(List<?> a, List<?> b) {
        return a instanceof PythonList == b instanceof PythonList;
    }

    private static List<@Nullable Object> concat(List<?> a, List<?> b) {
        limited(a.size() + (long) b.size());
        List<@Nullable Object> all = new ArrayList<>(a);
        all.addAll(b);
        return a instanceof PythonList ? new PythonList(all) : Tuple.copyOf(all);
    }

    private static Object repeat(@Nullable Object sequence, long times) {
        int count = (int) Math.max(0, Math.min(times, Integer.MAX_VALUE));
        if (sequence instanceof String text) {
            limited(text.length() * (long) count);
            return text.repeat(count);
        } else if (sequence instanceof List<?> items) {
            limited(items.size() * (long) count);
            List<@Nullable Object> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.addAll(items);
            }
            return items instanceof PythonList ? new PythonList(all) : Tuple.copyOf(all);
        }
        throw unsupported("*", sequence, times);
    }

    private static Object sets(String symbol, Set<?> a, Set<?> b) {
        Set<@Nullable Object> result = new LinkedHashSet<>(a);
        switch (symbol) {
            case "|" -> result.addAll(b);
            case "&" -> result.retainAll(b);
            case "-" -> result.removeAll(b);
            case "^" -> {
                result.addAll(b);
                result.removeIf(item -> a.contains(item) && b.contains(item));
            }
            default -> throw unsupported(symbol, a, b);
        }
        return new PythonSet(result);
    }

    private static boolean limited(long length) {
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "a string or list of " + length + " items; at most " + LONGEST + " are made");
        }
        return true;
    }

    private static IllegalArgumentException unsupported(String symbol, @Nullable Object a, @Nullable Object b) {
        return new IllegalArgumentException("unsupported operand type(s) for " + symbol + ": '" + Python.typeName(a)
                + "' and '" + Python.typeName(b) + "'");
    }
}
