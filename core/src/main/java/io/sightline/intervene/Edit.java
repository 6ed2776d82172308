package io.sightline.intervene;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a token's vector {@code x} at a place. Computed in float32, then in the model's dtype again. */
public sealed interface Edit {
    /** {@code x + by} */
    record Add(Operand by) implements Edit {}

    /** {@code value} */
    record Set(Operand value) implements Edit {}

    /** {@code x * by} */
    record Scale(Operand by) implements Edit {}

    /** {@code x} without its part along {@code direction}, a vector of any length but 0. */
    record ProjectOut(Operand direction) implements Edit {}

    /** Each number of {@code x} kept between two. */
    record Clamp(Operand low, Operand high) implements Edit {}

    /**
     * What another row of the batch has at the same place, before any edit there.
     *
     * @param row the batch's row that it comes from
     * @param tokens that row's tokens, as many as are replaced, in order
     */
    record PatchFrom(int row, TokenSelection tokens) implements Edit {}

    /** Given vectors, one for each token that is replaced, in order. */
    record PatchWith(List<float[]> vectors) implements Edit {
        public PatchWith {
            vectors = List.copyOf(vectors);
        }
    }

    /** A number, a vector of the module's width, or an expression that uses {@code base}. */
    sealed interface Operand {}

    /** The same number for each of the vector's. */
    record Number(double value) implements Operand {}

    record Vector(float[] values) implements Operand {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Vector vector && Arrays.equals(values, vector.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    /**
     * An expression whose value depends on what the place has in the base run.
     *
     * @param baseRow the batch's row that is the same prompt without interventions
     */
    record OfBase(Expression expression, Bindings bindings, int baseRow) implements Operand {
        public OfBase {
            Objects.requireNonNull(bindings);
        }
    }

    /** What an expression stands for in one row: its value, or itself where it uses {@code base}. */
    static Operand operand(Expression expression, Bindings bindings, int baseRow) {
        if (expression.usesBase()) {
            return new OfBase(expression, bindings, baseRow);
        }
        Object value = expression.evaluate(bindings);
        return value instanceof float[] vector ? new Vector(vector) : new Number((Double) value);
    }
}
