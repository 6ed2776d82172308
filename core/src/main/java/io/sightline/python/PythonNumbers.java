package io.sightline.python;

import org.jspecify.annotations.Nullable;

/** Arithmetic of Python's int, float and bool. Ints have 64 bits here; a result beyond them is an error, never wrong. */
public final class PythonNumbers {
    private PythonNumbers() {}

    public static boolean isNumber(@Nullable Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** Whether both are ints or bools. */
    static boolean areIntegral(@Nullable Object a, @Nullable Object b) {
        return !(a instanceof Double) && !(b instanceof Double);
    }

    /** The int that a Python int or bool is. */
    public static long asLong(@Nullable Object value) {
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        } else if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(
                "'" + Python.typeName(value) + "' object cannot be interpreted as an integer");
    }

    public static double asDouble(@Nullable Object value) {
        return value instanceof Double number ? number : asLong(value);
    }

    static int compare(@Nullable Object a, @Nullable Object b) {
        if (areIntegral(a, b)) {
            return Long.compare(asLong(a), asLong(b));
        }
        double x = asDouble(a);
        double y = asDouble(b);
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
    }

    static Object add(Object a, Object b) {
        return areIntegral(a, b) ? (Object) Math.addExact(asLong(a), asLong(b)) : (Object) (asDouble(a) + asDouble(b));
    }

    static Object sub(Object a, Object b) {
        return areIntegral(a, b)
                ? (Object) Math.subtractExact(asLong(a), asLong(b))
                : (Object) (asDouble(a) - asDouble(b));
    }

    static Object mul(Object a, Object b) {
        return areIntegral(a, b)
                ? (Object) Math.multiplyExact(asLong(a), asLong(b))
                : (Object) (asDouble(a) * asDouble(b));
    }

    static Object trueDivide(Object a, Object b) {
        checkNotZero(b);
        return asDouble(a) / asDouble(b);
    }

    /** Rounds towards minus infinity, as Python does. */
    static Object floorDivide(Object a, Object b) {
        checkNotZero(b);
        return areIntegral(a, b)
                ? (Object) Math.floorDiv(asLong(a), asLong(b))
                : (Object) Math.floor(asDouble(a) / asDouble(b));
    }

    /** Has the sign of the divisor, as in Python. */
    static Object modulo(Object a, Object b) {
        checkNotZero(b);
        if (areIntegral(a, b)) {
            return Math.floorMod(asLong(a), asLong(b));
        }
        double divisor = asDouble(b);
        double remainder = asDouble(a) % divisor;
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder;
    }

    private static void checkNotZero(Object divisor) {
        if (asDouble(divisor) == 0) {
            throw new IllegalArgumentException("division by zero");
        }
    }

    static Object power(Object a, Object b) {
        if (areIntegral(a, b) && asLong(b) >= 0) {
            return integerPower(asLong(a), asLong(b));
        }
        double base = asDouble(a);
        double exponent = asDouble(b);
        if (base == 0 && exponent < 0) {
            throw new IllegalArgumentException("0.0 cannot be raised to a negative power");
        } else if (base < 0 && exponent != Math.rint(exponent)) {
            throw new IllegalArgumentException(
                    "a negative number to a fractional power is complex, which is not supported");
        }
        return Math.pow(base, exponent);
    }

    private static long integerPower(long base, long exponent) {
        if (base == 0 || base == 1) {
            return exponent == 0 ? 1 : base;
        } else if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        } else if (exponent > 63) {
            throw new ArithmeticException(base + " ** " + exponent + " does not fit 64 bits");
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    static Object shiftLeft(Object a, Object b) {
        long value = asLong(a);
        long by = asLong(b);
        if (by < 0) {
            throw new IllegalArgumentException("negative shift count");
        } else if (value != 0 && (by > 62 || value << by >> by != value)) {
            throw new ArithmeticException(value + " << " + by + " does not fit 64 bits");
        }
        return value == 0 ? 0L : value << by;
    }

    static Object shiftRight(Object a, Object b) {
        long by = asLong(b);
        if (by < 0) {
            throw new IllegalArgumentException("negative shift count");
        }
        return asLong(a) >> Math.min(by, 63);
    }
}
