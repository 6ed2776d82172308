package io.sightline.job.probe;

import io.sightline.job.probe.fit.FitException;
import io.sightline.numeric.Float16;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Reads the rows that {@link ActivationRows} selects, by position, in Spark's own format: a vector is one copy of memory, where a {@code Row} would box
 * each float.
 */
final class StoredRow {
    static final int PROMPT_ID = 0;
    static final int VECTOR = 1;
    static final int VECTOR_F16 = 2;

    private StoredRow() {}

    static String promptId(InternalRow row) {
        return row.getUTF8String(PROMPT_ID).toString();
    }

    /** The vector, whichever column has it. */
    static float[] vector(InternalRow row) {
        if (!row.isNullAt(VECTOR)) {
            ArrayData array = row.getArray(VECTOR);
            for (int i = 0; i < array.numElements(); i++) {
                if (array.isNullAt(i)) {
                    throw new FitException("a stored vector holds a null");
                }
            }
            return array.toFloatArray();
        } else if (!row.isNullAt(VECTOR_F16)) {
            return float16(row.getBinary(VECTOR_F16));
        }
        throw new FitException("a row has neither vector nor vector_f16");
    }

    private static float[] float16(byte[] packed) {
        if (packed.length % 2 != 0) {
            throw new FitException("a stored vector_f16 has " + packed.length + " bytes; float16 takes two a number");
        }
        return Float16.toFloats(packed);
    }
}
