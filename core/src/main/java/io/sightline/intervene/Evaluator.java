package io.sightline.intervene;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes a checked expression, with whatever kind of values the arithmetic has. */
final class Evaluator<T> {
    /** What can be done with values. */
    interface Arithmetic<T> {
        /** A bound or written value: a {@code Double} or {@code float[]}. */
        T of(Object value);

        T binary(char operator, T left, T right);

        /** The length of a vector. */
        T norm(T vector);
    }

    private final Arithmetic<T> arithmetic;
    private final Function<String, @Nullable Object> names;

    /** @param names gives a {@code Double}, a {@code float[]}, or a value of the arithmetic's own */
    Evaluator(Arithmetic<T> arithmetic, Function<String, @Nullable Object> names) {
        this.arithmetic = arithmetic;
        this.names = names;
    }

    T of(Expression expression) {
        if (expression instanceof Expression.NumberLiteral number) {
            return arithmetic.of(number.value());
        } else if (expression instanceof Expression.Name name) {
            Object value = names.apply(name.name());
            if (value == null) {
                throw new ExpressionException(name.at(), "'" + name.name() + "' has no value in this row");
            }
            return arithmetic.of(value);
        } else if (expression instanceof Expression.Negation negation) {
            return arithmetic.binary('*', arithmetic.of(-1.0), of(negation.of()));
        } else if (expression instanceof Expression.Binary binary) {
            return arithmetic.binary(binary.operator(), of(binary.left()), of(binary.right()));
        } else if (expression instanceof Expression.Call call) {
            T vector = of(call.arguments().get(0));
            T norm = arithmetic.norm(vector);
            return call.function().equals("norm") ? norm : arithmetic.binary('/', vector, norm);
        }
        throw new ExpressionException(expression.at(), "a text can't be computed with");
    }
}
