package io.sightline.intervene;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Computes a checked measure for all rows at once. */
final class MeasuredRows {
    private final LogitRows logits;
    private final List<Bindings> rows;
    private final int[] baseRows;
    private final ToLongFunction<String> tokens;

    MeasuredRows(LogitRows logits, List<Bindings> rows, int[] baseRows, ToLongFunction<String> tokens) {
        this.logits = logits;
        this.rows = rows;
        this.baseRows = baseRows;
        this.tokens = tokens;
    }

    double[] of(Expression expression) {
        if (expression instanceof Expression.NumberLiteral number) {
            double[] same = new double[rows.size()];
            Arrays.fill(same, number.value());
            return same;
        } else if (expression instanceof Expression.Name name) {
            return named(name.name());
        } else if (expression instanceof Expression.Negation negation) {
            return each(of(negation.of()), value -> -value);
        } else if (expression instanceof Expression.Binary binary) {
            double[] left = of(binary.left());
            double[] right = of(binary.right());
            return IntStream.range(0, left.length)
                    .mapToDouble(i -> HostArithmetic.compute(binary.operator(), left[i], right[i]))
                    .toArray();
        }
        return called((Expression.Call) expression);
    }

    private static double[] each(double[] values, DoubleUnaryOperator change) {
        return Arrays.stream(values).map(change).toArray();
    }

    private double[] named(String name) {
        if (name.equals("entropy")) {
            return logits.entropies();
        } else if (name.equals("top_token")) {
            return Arrays.stream(logits.topTokens()).asDoubleStream().toArray();
        }
        return rows.stream()
                .mapToDouble(row -> (Double) Objects.requireNonNull(row.values().get(name)))
                .toArray();
    }

    private double[] called(Expression.Call call) {
        return switch (call.function()) {
            case "kl" -> logits.divergences(baseRows);
            case "changed" -> changed();
            case "logit" -> logits.logits(tokens(call.arguments().get(0)));
            default -> logits.probabilities(tokens(call.arguments().get(0)));
        };
    }

    private double[] changed() {
        long[] top = logits.topTokens();
        return IntStream.range(0, top.length)
                .mapToDouble(row -> top[row] == top[baseRows[row]] ? 0 : 1)
                .toArray();
    }

    private long[] tokens(Expression argument) {
        return rows.stream()
                .mapToLong(row -> tokens.applyAsLong(
                        argument instanceof Expression.TextLiteral text
                                ? text.value()
                                : (String)
                                        Objects.requireNonNull(row.values().get(((Expression.Name) argument).name()))))
                .toArray();
    }
}
