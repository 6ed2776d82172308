package io.sightline.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * One handle on a torch tensor, with one owner.
 *
 * <p>A new tensor belongs to the innermost open {@link Scope} of its thread, or to its maker where none is open; closing the owner
 * frees the handle. libtorch counts references itself: {@link #share()} gives a second handle on the <em>same</em> tensor (an
 * in-place edit through one is seen through the other), so code that needs a value longer takes its own handle.
 *
 * <p>All twelve of torch's common dtypes work, bfloat16 included, which DJL's own NDArray cannot hold.
 */
public final class Tensor extends TensorHandle {
    /** c10's {@code DeviceType::Meta}. */
    private static final int META_DEVICE_TYPE = 14;

    private Tensor(long handle) {
        super(handle);
        Scope current = ThreadState.current().scope;
        owner = current;
        if (current != null) {
            current.add(this);
        }
    }

    /** Takes over a native handle that no other code frees. */
    static Tensor adopt(long handle) {
        return new Tensor(handle);
    }

    // ---- making

    /** A float32 tensor on the CPU with a copy of {@code values}. */
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = forValues(values.length, DType.FLOAT32, shape);
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    /** An int64 tensor on the CPU with a copy of {@code values}. */
    public static Tensor of(long[] values, long... shape) {
        Tensor tensor = forValues(values.length, DType.INT64, shape);
        tensor.buffer().asLongBuffer().put(values);
        return tensor;
    }

    /** A float64 tensor on the CPU with a copy of {@code values}. */
    public static Tensor of(double[] values, long... shape) {
        Tensor tensor = forValues(values.length, DType.FLOAT64, shape);
        tensor.buffer().asDoubleBuffer().put(values);
        return tensor;
    }

    /** A bool tensor on the CPU with a copy of {@code values}. */
    public static Tensor of(boolean[] values, long... shape) {
        Tensor tensor = forValues(values.length, DType.BOOL, shape);
        ByteBuffer data = tensor.buffer();
        for (boolean value : values) {
            data.put((byte) (value ? 1 : 0));
        }
        return tensor;
    }

    /** Uninitialised memory. */
    public static Tensor empty(DType dtype, Device device, long... shape) {
        return BasicKernels.EMPTY.get(device).tensor(shape, dtype);
    }

    public static Tensor zeros(DType dtype, Device device, long... shape) {
        return BasicKernels.ZEROS.get(device).tensor(shape, dtype);
    }

    /** A tensor filled with one value. */
    public static Tensor full(double value, DType dtype, Device device, long... shape) {
        return BasicKernels.FULL.get(device).tensor(shape, value, dtype);
    }

    /** {@code 0, 1, …, end - 1}, int64. */
    public static Tensor arange(long end, Device device) {
        return BasicKernels.ARANGE.get(device).tensor(end);
    }

    /** A 0-dimensional float32 tensor on the CPU. */
    public static Tensor scalar(double value) {
        return of(new float[] {(float) value});
    }

    static Tensor forValues(int values, DType dtype, long[] shape) {
        if (count(shape) != values) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " takes " + count(shape) + " values, got " + values);
        }
        return empty(dtype, Device.CPU, shape);
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    // ---- ownership

    /** A second handle on the same tensor, owned by the current scope. */
    public Tensor share() {
        long value = ValueNatives.fromTensor(handle());
        try {
            return new Tensor(ValueNatives.toTensor(value));
        } finally {
            ValueNatives.delete(value);
        }
    }

    /** Takes this handle out of its scope; the caller must close it. */
    public Tensor release() {
        moveTo(null);
        return this;
    }

    /** As {@link #release}, for a copy that a model makes of its own weights at some time: such copies are not counted as live. */
    public Tensor releaseUncounted() {
        stopCounting();
        return release();
    }

    // ---- looking

    public long[] shape() {
        return Natives.sizes(handle());
    }

    /** The size of one dimension, counted from the end where negative. */
    public long size(int dimension) {
        long[] shape = shape();
        return shape[dimension < 0 ? shape.length + dimension : dimension];
    }

    public int dimensions() {
        return shape().length;
    }

    /** How many elements the shape has. */
    public long elements() {
        return count(shape());
    }

    public DType dtype() {
        DType common = DjlDtypes.dtype(Natives.djlDtype(handle()));
        return common != null ? common : DType.ofCode(BasicKernels.DTYPE.number(this));
    }

    public Device device() {
        return Device.parse(BasicKernels.DEVICE.text(this));
    }

    /** Whether it has a shape and no data; far cheaper to ask than {@link #device()}. */
    public boolean isMeta() {
        return Natives.device(handle())[0] == META_DEVICE_TYPE;
    }

    /** Whether gradients are wanted for this tensor, or flow through it. */
    public boolean requiresGrad() {
        // DJL's own native tells it of leaves only.
        return Boolean.TRUE.equals(BasicKernels.REQUIRES_GRAD.call(this));
    }

    /** Marks a leaf as one that gradients are wanted for. Returns this. */
    public Tensor requiresGrad(boolean required) {
        Natives.attachGrad(handle(), required);
        return this;
    }

    // ---- reading

    /** This tensor's own memory, in native order: CPU and contiguous only. Valid while the handle is open. */
    ByteBuffer buffer() {
        return Natives.directBuffer(handle()).order(ByteOrder.nativeOrder());
    }

    /** All elements in row-major order as float32, whatever the dtype and device. */
    public float[] toFloatArray() {
        float[] values = new float[Math.toIntExact(elements())];
        copyTo(values, 0);
        return values;
    }

    /**
     * Copies all elements in row-major order, as float32, into {@code target} from {@code offset} on.
     *
     * @return how many were copied
     */
    public int copyTo(float[] target, int offset) {
        int count = Math.toIntExact(elements());
        read(DType.FLOAT32, data -> data.asFloatBuffer().get(target, offset, count));
        return count;
    }

    /** All elements as float64. */
    public double[] toDoubleArray() {
        double[] values = new double[Math.toIntExact(elements())];
        read(DType.FLOAT64, data -> data.asDoubleBuffer().get(values));
        return values;
    }

    /** All elements as int64; booleans are 0 and 1. */
    public long[] toLongArray() {
        long[] values = new long[Math.toIntExact(elements())];
        read(DType.INT64, data -> data.asLongBuffer().get(values));
        return values;
    }

    /** Shows the elements' memory in row-major order, in {@code dtype} and on the CPU, if there are any. */
    void read(DType dtype, Consumer<ByteBuffer> reader) {
        if (elements() > 0) {
            try (Scope scope = Scope.open()) {
                reader.accept(BasicKernels.TO_HOST.tensor(this, dtype).buffer());
            }
        }
    }

    /**
     * The only element, as Python's {@code item()} gives it: a {@code Long}, {@code Double} or {@code Boolean}.
     *
     * @throws IllegalArgumentException if there is more than one element or none
     */
    public Object item() {
        if (elements() != 1) {
            throw new IllegalArgumentException("item() needs a tensor of one element, this has shape "
                    + Arrays.toString(shape()) + "; reduce or index it first");
        }
        DType dtype = dtype();
        if (dtype == DType.BOOL) {
            return toLongArray()[0] != 0;
        }
        return dtype.isFloatingPoint() ? (Object) toDoubleArray()[0] : (Object) toLongArray()[0];
    }

    /** Whether both are views of the same memory, so that a write through the one may show in the other; false without data. */
    public boolean sharesMemoryWith(Tensor other) {
        return !isMeta() && !other.isMeta() && Boolean.TRUE.equals(BasicKernels.SHARES_MEMORY.call(this, other));
    }

    /** Whether both show the same elements of the same memory in the same shape. */
    public boolean isSameViewAs(Tensor other) {
        return Boolean.TRUE.equals(BasicKernels.IS_SET_TO.call(this, other));
    }

    // ---- the operations that module code uses most

    public Tensor add(Tensor other) {
        return adopt(Natives.add(handle(), other.handle()));
    }

    public Tensor sub(Tensor other) {
        return BasicKernels.SUB.tensor(this, other);
    }

    public Tensor mul(Tensor other) {
        return BasicKernels.MUL.tensor(this, other);
    }

    public Tensor mul(double factor) {
        return BasicKernels.SCALE.tensor(this, factor);
    }

    public Tensor matmul(Tensor other) {
        return BasicKernels.MATMUL.tensor(this, other);
    }

    public Tensor softmax(int dimension) {
        return BasicKernels.SOFTMAX.tensor(this, (long) dimension);
    }

    public Tensor argmax(int dimension) {
        return BasicKernels.ARGMAX.tensor(this, (long) dimension);
    }

    public Tensor reshape(long... shape) {
        return BasicKernels.RESHAPE.tensor(this, shape);
    }

    public Tensor transpose(int first, int second) {
        return BasicKernels.TRANSPOSE.tensor(this, (long) first, (long) second);
    }

    public Tensor unsqueeze(int dimension) {
        return BasicKernels.UNSQUEEZE.tensor(this, (long) dimension);
    }

    /** Rows {@code start} to {@code start + length - 1} of one dimension, as a view. */
    public Tensor narrow(int dimension, long start, long length) {
        return BasicKernels.NARROW.tensor(this, (long) dimension, start, length);
    }

    /** One index of one dimension, as a view without that dimension. */
    public Tensor select(int dimension, long index) {
        return BasicKernels.SELECT.tensor(this, (long) dimension, index);
    }

    public Tensor indexSelect(int dimension, Tensor index) {
        return BasicKernels.INDEX_SELECT.tensor(this, (long) dimension, index);
    }

    public static Tensor cat(List<Tensor> tensors, int dimension) {
        return BasicKernels.CAT.tensor(tensors, (long) dimension);
    }

    /** This tensor in another dtype: itself, as a second handle, where it has it already. Autograd goes through. */
    public Tensor to(DType dtype) {
        return BasicKernels.TO_DTYPE.tensor(this, dtype);
    }

    /** This tensor on another device: itself, as a second handle, where it is there already. Autograd goes through. */
    public Tensor to(Device device) {
        return BasicKernels.TO_DEVICE.get(device).tensor(this);
    }

    /** The same data outside autograd's graph. */
    public Tensor detach() {
        return BasicKernels.DETACH.tensor(this);
    }

    /** A copy with memory of its own. Autograd goes through. */
    public Tensor copy() {
        return BasicKernels.CLONE.tensor(this);
    }

    /** Writes {@code source}, broadcast, over this tensor's elements in place. Returns this. */
    public Tensor copyFrom(Tensor source) {
        BasicKernels.COPY_.tensor(this, source).close();
        return this;
    }

    @Override
    public String toString() {
        return isClosed() ? "Tensor(closed)" : "Tensor(" + Arrays.toString(shape()) + ", " + dtype() + ")";
    }
}
