package io.sightline.intervene;

/** An expression that can't be read, or does not fit what it is used for: where, and why. */
public final class ExpressionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ExpressionException(Expression.At at, String what) {
        super("line " + at.line() + ", column " + at.column() + ": " + what);
    }
}
