package io.sightline.checkpoint.safetensors;

import io.sightline.engine.DType;
import java.util.List;

/**
 * One tensor of a file.
 *
 * @param offset of its first byte in the file
 * @param bytes how many it takes: the shape's elements times the dtype's size
 */
public record TensorEntry(String name, DType dtype, List<Long> shape, long offset, long bytes) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** Whether a map of the file can serve as its memory: it begins at a multiple of its dtype's size. */
    public boolean isMappable() {
        return bytes > 0 && offset % dtype.bytes() == 0;
    }

    /** The shape as torch wants it. */
    public long[] sizes() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
