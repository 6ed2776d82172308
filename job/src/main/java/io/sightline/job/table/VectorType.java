package io.sightline.job.table;

import java.util.Locale;

/** How a capture's numbers are stored: {@code dtype} in the job file. */
public enum VectorType {
    /** In {@code vector}, 4 bytes a number. */
    FLOAT32(Float.BYTES),
    /** In {@code vector_f16}, IEEE 754 half precision, little-endian, 2 bytes a number. */
    FLOAT16(Short.BYTES);

    private final int bytes;

    VectorType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes one number takes. */
    public int bytes() {
        return bytes;
    }

    /** The job file's and torch's short name, {@code float32}. */
    public String shortName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type with torch's short name {@code name}. */
    public static VectorType of(String name) {
        for (VectorType type : values()) {
            if (type.shortName().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "cannot store vectors as '" + name + "'; a capture's dtype is float32 or float16");
    }
}
