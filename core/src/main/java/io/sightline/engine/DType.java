package io.sightline.engine;

import java.util.Arrays;
import java.util.Locale;

/**
 * A torch dtype. {@link #code()} is c10's {@code ScalarType} number, which is how TorchScript passes a dtype; {@link #toString()}
 * is Python's spelling, {@code torch.float32}.
 */
public enum DType {
    UINT8(0, 1),
    INT8(1, 1),
    INT16(2, 2),
    INT32(3, 4),
    INT64(4, 8),
    FLOAT16(5, 2),
    FLOAT32(6, 4),
    FLOAT64(7, 8),
    COMPLEX64(9, 8),
    COMPLEX128(10, 16),
    BOOL(11, 1),
    BFLOAT16(15, 2);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** c10's {@code ScalarType} number. */
    public int code() {
        return code;
    }

    /** Bytes one element takes. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloatingPoint() {
        return this == FLOAT16 || this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
    }

    /** torch's short name, {@code float32}. */
    public String shortName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The dtype with c10's number {@code code}. */
    public static DType ofCode(long code) {
        for (DType dtype : values()) {
            if (dtype.code == code) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("no dtype with ScalarType number " + code);
    }

    /**
     * Reads {@code float32}, {@code torch.float32}, and torch's aliases {@code float}, {@code half}, {@code double}, {@code long},
     * {@code int}, {@code short}.
     *
     * @throws IllegalArgumentException naming the known dtypes
     */
    public static DType parse(String name) {
        String plain = name.startsWith("torch.") ? name.substring("torch.".length()) : name;
        return switch (plain) {
            case "float" -> FLOAT32;
            case "half" -> FLOAT16;
            case "double" -> FLOAT64;
            case "long" -> INT64;
            case "int" -> INT32;
            case "short" -> INT16;
            case "cfloat" -> COMPLEX64;
            case "cdouble" -> COMPLEX128;
            default ->
                Arrays.stream(values())
                        .filter(dtype -> dtype.shortName().equals(plain))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no dtype '" + name + "'; known: "
                                + String.join(
                                        ", ",
                                        Arrays.stream(values())
                                                .map(DType::shortName)
                                                .toList())));
        };
    }

    @Override
    public String toString() {
        return "torch." + shortName();
    }
}
