package io.sightline.intervene;

/**
 * What an expression stands for.
 *
 * @param width how many numbers a vector has
 */
public record ExpressionType(Kind kind, int width) {
    public static final ExpressionType NUMBER = new ExpressionType(Kind.NUMBER, 1);
    public static final ExpressionType TEXT = new ExpressionType(Kind.TEXT, 1);
    /** A token id: what {@code top_token} measures. */
    public static final ExpressionType TOKEN = new ExpressionType(Kind.TOKEN, 1);

    public enum Kind {
        NUMBER,
        VECTOR,
        TEXT,
        TOKEN
    }

    public static ExpressionType vector(int width) {
        return new ExpressionType(Kind.VECTOR, width);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NUMBER -> "a number";
            case VECTOR -> "a vector of " + width + " numbers";
            case TEXT -> "a text";
            case TOKEN -> "a token";
        };
    }
}
