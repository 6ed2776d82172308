package io.sightline.engine;

import org.jspecify.annotations.Nullable;

/** The dtype numbers of DJL's natives, which differ from c10's and lack bfloat16 and int16. */
final class DjlDtypes {
    /** How the natives spell the CPU: device type 0, no index. */
    static final int[] CPU = {0, -1};

    static final int UINT8 = 3;

    private DjlDtypes() {}

    static @Nullable Integer of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> 0;
            case FLOAT64 -> 1;
            case FLOAT16 -> 2;
            case UINT8 -> UINT8;
            case INT32 -> 4;
            case INT8 -> 5;
            case INT64 -> 6;
            case BOOL -> 7;
            default -> null;
        };
    }

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
