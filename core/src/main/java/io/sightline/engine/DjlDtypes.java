package io.sightline.engine;

import org.jspecify.annotations.Nullable;

/** The dtype numbers of DJL's natives, which differ from c10's and lack bfloat16 and int16. */
final class DjlDtypes {
    private DjlDtypes() {}

    static @Nullable DType dtype(int number) {
        return switch (number) {
            case 0 -> DType.FLOAT32;
            case 1 -> DType.FLOAT64;
            case 2 -> DType.FLOAT16;
            case 3 -> DType.UINT8;
            case 4 -> DType.INT32;
            case 5 -> DType.INT8;
            case 6 -> DType.INT64;
            case 7 -> DType.BOOL;
            default -> null;
        };
    }
}
