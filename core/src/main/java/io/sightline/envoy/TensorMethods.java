package io.sightline.envoy;

import io.sightline.engine.DType;
import org.jspecify.annotations.Nullable;

/** Methods of torch's tensors that interventions use most; any other is {@code call("name", arguments…, Keywords.of(…))}. */
abstract class TensorMethods extends Operators {
    /** Records the call of a method: nnsight's {@code fetch_attr} and {@code proxy_call}. */
    public abstract Proxy call(String method, @Nullable Object... arguments);

    /** Over all elements, to a scalar. */
    public final Proxy sum() {
        return call("sum");
    }

    /** Over one dimension. */
    public final Proxy sum(int dim) {
        return call("sum", Keywords.of("dim", dim));
    }

    /** Over all elements, to a scalar. */
    public final Proxy mean() {
        return call("mean");
    }

    /** Over one dimension. */
    public final Proxy mean(int dim) {
        return call("mean", Keywords.of("dim", dim));
    }

    /** The largest element, as a scalar. */
    public final Proxy max() {
        return call("max");
    }

    /** The smallest element, as a scalar. */
    public final Proxy min() {
        return call("min");
    }

    /** The 2-norm of all numbers. */
    public final Proxy norm() {
        return call("norm");
    }

    /** The {@code k} largest along the last dimension: values at {@code get(0)}, indices at {@code get(1)}. */
    public final Proxy topk(int k) {
        return call("topk", k);
    }

    /** The {@code k} largest along a dimension: values at {@code get(0)}, indices at {@code get(1)}. */
    public final Proxy topk(int k, int dim) {
        return call("topk", k, dim);
    }

    /** The 2-norm along one dimension. */
    public final Proxy norm(int dim) {
        return call("norm", Keywords.of("dim", dim));
    }

    /** The index of the largest element, of the flattened tensor. */
    public final Proxy argmax() {
        return call("argmax");
    }

    /** Indices of the largest elements along one dimension. */
    public final Proxy argmax(int dim) {
        return call("argmax", Keywords.of("dim", dim));
    }

    /** Along one dimension. */
    public final Proxy softmax(int dim) {
        return call("softmax", Keywords.of("dim", dim));
    }

    /** Along one dimension. */
    public final Proxy logSoftmax(int dim) {
        return call("log_softmax", Keywords.of("dim", dim));
    }

    /** Two dimensions swapped, as a view. */
    public final Proxy transpose(int first, int second) {
        return call("transpose", first, second);
    }

    /** A new dimension of size 1. */
    public final Proxy unsqueeze(int dim) {
        return call("unsqueeze", dim);
    }

    /** Without a dimension of size 1. */
    public final Proxy squeeze(int dim) {
        return call("squeeze", dim);
    }

    /** torch's {@code clone()}: later edits in place do not show in it. */
    public final Proxy copy() {
        return call("clone");
    }

    /** The same data outside autograd's graph. */
    public final Proxy detach() {
        return call("detach");
    }

    /** The only element, as a number. */
    public final Proxy item() {
        return call("item");
    }

    /** The same elements in another shape; each size is an int or a proxy, one may be -1. */
    public final Proxy view(Object... sizes) {
        return call("view", sizes);
    }

    /** As {@link #view}, copying where a view can't be had. */
    public final Proxy reshape(Object... sizes) {
        return call("reshape", sizes);
    }

    /** In another dtype: {@code float()}, {@code half()}, {@code long()} and so on, since the wire format holds no dtypes. */
    public final Proxy to(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> call("half");
            case BFLOAT16 -> call("bfloat16");
            case FLOAT32 -> call("float");
            case FLOAT64 -> call("double");
            case UINT8 -> call("byte");
            case INT8 -> call("char");
            case INT16 -> call("short");
            case INT32 -> call("int");
            case INT64 -> call("long");
            case BOOL -> call("bool");
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("a graph can't cast to " + dtype);
        };
    }
}
