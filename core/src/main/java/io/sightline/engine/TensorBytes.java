package io.sightline.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Tensors as the bytes of their elements: of a file, of a buffer, and back. */
public final class TensorBytes {
    private TensorBytes() {}

    /**
     * A file's bytes as a flat tensor on the CPU, memory-mapped by torch: nothing is read until it is used, nothing is copied, and it may be
     * larger than 2 GB. Writes through it stay in this process. Truncating the file while the tensor lives kills the process.
     *
     * @param elements how many elements of {@code dtype} to map, from the file's first byte on
     */
    public static Tensor of(Path file, DType dtype, long elements) {
        return BasicKernels.FROM_FILE.tensor(file.toString(), elements, dtype);
    }

    /** A tensor on the CPU with a copy of little-endian {@code data}, which must hold exactly the shape's elements. */
    public static Tensor of(ByteBuffer data, DType dtype, long... shape) {
        Tensor tensor = Tensor.forValues(data.remaining() / dtype.bytes(), dtype, shape);
        if (data.hasRemaining()) {
            tensor.buffer().put(data.duplicate());
        }
        return tensor;
    }

    /** The elements' bytes, little-endian, row-major, in the tensor's own dtype. */
    public static byte[] of(Tensor tensor) {
        byte[] bytes =
                new byte[Math.toIntExact(tensor.elements() * tensor.dtype().bytes())];
        tensor.read(tensor.dtype(), data -> data.get(bytes));
        return bytes;
    }

    /**
     * Copies all elements in row-major order, as IEEE 754 binary16 bit patterns rounded on the tensor's device, into {@code target} from
     * {@code offset} on.
     *
     * @return how many were copied
     */
    public static int copyFloat16(Tensor tensor, short[] target, int offset) {
        int count = Math.toIntExact(tensor.elements());
        tensor.read(DType.FLOAT16, data -> data.asShortBuffer().get(target, offset, count));
        return count;
    }
}
