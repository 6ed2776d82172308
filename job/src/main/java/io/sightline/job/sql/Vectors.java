package io.sightline.job.sql;

import io.sightline.numeric.Float16;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.unsafe.Platform;

/**
 * Vectors between Spark's storage and {@code double[]}, in bulk. Public for the code that Spark generates. Every reader takes the SQL name
 * of the function and the number of the argument (from 1) for its messages, and throws {@link IllegalArgumentException} for a null element.
 */
public final class Vectors {
    private static final int UNSAFE_HEADER_BYTES = 8;

    private Vectors() {}

    /** A value of any of the vector types: {@code array<float>}, {@code array<double>} or float16 {@code binary}. */
    static double[] read(String function, int argument, DataType type, Object value) {
        if (type instanceof BinaryType) {
            return fromFloat16(function, argument, (byte[]) value);
        }
        return isFloats(type)
                ? fromFloats(function, argument, (ArrayData) value)
                : fromDoubles(function, argument, (ArrayData) value);
    }

    /** The reader that {@link #read} picks for a type, by name, for generated code. */
    static String readerFor(DataType type) {
        if (type instanceof BinaryType) {
            return "fromFloat16";
        }
        return isFloats(type) ? "fromFloats" : "fromDoubles";
    }

    public static double[] fromFloats(String function, int argument, ArrayData data) {
        requireNoNullElement(function, argument, data);
        float[] floats = data.toFloatArray();
        double[] values = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    public static double[] fromDoubles(String function, int argument, ArrayData data) {
        requireNoNullElement(function, argument, data);
        return data.toDoubleArray();
    }

    /** Little-endian float16, two bytes an element. */
    public static double[] fromFloat16(String function, int argument, byte[] packed) {
        if (packed.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "%s: argument %d is a binary of %d bytes, which is not a float16 vector (two bytes an element)"
                            .formatted(function, argument, packed.length));
        }
        return Float16.toDoubles(packed);
    }

    /** {@code array<float>}; each element rounded to the nearest float. */
    public static ArrayData toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return UnsafeArrayData.fromPrimitiveArray(floats);
    }

    public static ArrayData toDoubles(double[] values) {
        return UnsafeArrayData.fromPrimitiveArray(values);
    }

    public static ArrayData toInts(int[] values) {
        return UnsafeArrayData.fromPrimitiveArray(values);
    }

    private static boolean isFloats(DataType type) {
        return type instanceof ArrayType array && array.elementType() instanceof FloatType;
    }

    private static void requireNoNullElement(String function, int argument, ArrayData data) {
        if (data instanceof UnsafeArrayData unsafe && hasNoNullBit(unsafe)) {
            return;
        }
        int length = data.numElements();
        for (int i = 0; i < length; i++) {
            if (data.isNullAt(i)) {
                throw new IllegalArgumentException(
                        "%s: element %d (from 0) of argument %d is null; a vector of %d elements needs %d numbers"
                                .formatted(function, i, argument, length, length));
            }
        }
    }

    /** Looks at 64 elements a step: the null bits follow the element count in Spark's unsafe array format. */
    private static boolean hasNoNullBit(UnsafeArrayData data) {
        Object base = data.getBaseObject();
        long bits = data.getBaseOffset() + UNSAFE_HEADER_BYTES;
        int words = (data.numElements() + 63) / 64;
        for (int word = 0; word < words; word++) {
            if (Platform.getLong(base, bits + 8L * word) != 0) {
                return false;
            }
        }
        return true;
    }
}
