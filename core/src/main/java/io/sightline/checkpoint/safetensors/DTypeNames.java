package io.sightline.checkpoint.safetensors;

import io.sightline.engine.DType;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The format's names for dtypes that torch has as well. */
final class DTypeNames {
    private static final Map<String, DType> BY_NAME = Map.ofEntries(
            Map.entry("BOOL", DType.BOOL),
            Map.entry("U8", DType.UINT8),
            Map.entry("I8", DType.INT8),
            Map.entry("I16", DType.INT16),
            Map.entry("I32", DType.INT32),
            Map.entry("I64", DType.INT64),
            Map.entry("F16", DType.FLOAT16),
            Map.entry("BF16", DType.BFLOAT16),
            Map.entry("F32", DType.FLOAT32),
            Map.entry("F64", DType.FLOAT64),
            Map.entry("C64", DType.COMPLEX64));
    private static final Map<DType, String> BY_DTYPE =
            BY_NAME.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private DTypeNames() {}

    static Optional<DType> dtype(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static Optional<String> name(DType dtype) {
        return Optional.ofNullable(BY_DTYPE.get(dtype));
    }

    static String known() {
        return BY_NAME.keySet().stream().sorted().collect(Collectors.joining(", "));
    }
}
