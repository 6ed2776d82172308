package io.sightline.envoy;

import org.jspecify.annotations.Nullable;

/** Python's operators, recorded as nodes. {@code other} is a number, a tensor or a proxy. */
abstract class Operators {
    /** Records {@code _operator.name(arguments…)}. */
    abstract Proxy operator(String name, @Nullable Object... arguments);

    /** {@code this + other} */
    public final Proxy add(Object other) {
        return operator("add", this, other);
    }

    /** {@code this - other} */
    public final Proxy sub(Object other) {
        return operator("sub", this, other);
    }

    /** {@code this * other} */
    public final Proxy mul(Object other) {
        return operator("mul", this, other);
    }

    /** {@code this / other} */
    public final Proxy div(Object other) {
        return operator("truediv", this, other);
    }

    /** {@code this // other} */
    public final Proxy floorDiv(Object other) {
        return operator("floordiv", this, other);
    }

    /** {@code this % other} */
    public final Proxy mod(Object other) {
        return operator("mod", this, other);
    }

    /** {@code this ** other} */
    public final Proxy pow(Object other) {
        return operator("pow", this, other);
    }

    /** {@code this @ other} */
    public final Proxy matmul(Object other) {
        return operator("matmul", this, other);
    }

    /** {@code other + this} */
    public final Proxy radd(Object other) {
        return operator("add", other, this);
    }

    /** {@code other - this} */
    public final Proxy rsub(Object other) {
        return operator("sub", other, this);
    }

    /** {@code other * this} */
    public final Proxy rmul(Object other) {
        return operator("mul", other, this);
    }

    /** {@code other / this} */
    public final Proxy rdiv(Object other) {
        return operator("truediv", other, this);
    }

    /** {@code other // this} */
    public final Proxy rfloorDiv(Object other) {
        return operator("floordiv", other, this);
    }

    /** {@code other % this} */
    public final Proxy rmod(Object other) {
        return operator("mod", other, this);
    }

    /** {@code other ** this} */
    public final Proxy rpow(Object other) {
        return operator("pow", other, this);
    }

    /** {@code other @ this} */
    public final Proxy rmatmul(Object other) {
        return operator("matmul", other, this);
    }

    /** {@code this == other} */
    public final Proxy eq(@Nullable Object other) {
        return operator("eq", this, other);
    }

    /** {@code this != other} */
    public final Proxy ne(@Nullable Object other) {
        return operator("ne", this, other);
    }

    /** {@code this < other} */
    public final Proxy lt(@Nullable Object other) {
        return operator("lt", this, other);
    }

    /** {@code this <= other} */
    public final Proxy le(@Nullable Object other) {
        return operator("le", this, other);
    }

    /** {@code this > other} */
    public final Proxy gt(@Nullable Object other) {
        return operator("gt", this, other);
    }

    /** {@code this >= other} */
    public final Proxy ge(@Nullable Object other) {
        return operator("ge", this, other);
    }

    /** {@code this & other} */
    public final Proxy and(@Nullable Object other) {
        return operator("and_", this, other);
    }

    /** {@code this | other} */
    public final Proxy or(@Nullable Object other) {
        return operator("or_", this, other);
    }

    /** {@code this ^ other} */
    public final Proxy xor(@Nullable Object other) {
        return operator("xor", this, other);
    }

    /** {@code -this} */
    public final Proxy neg() {
        return operator("neg", this);
    }

    /** {@code abs(this)} */
    public final Proxy abs() {
        return operator("abs", this);
    }

    /** {@code ~this} */
    public final Proxy invert() {
        return operator("invert", this);
    }
}
