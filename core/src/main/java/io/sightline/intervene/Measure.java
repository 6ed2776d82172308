package io.sightline.intervene;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A number, or a token, that is measured at one position's logits: {@code top_token}, {@code probability(' happy')}, {@code logit(answer) -
 * logit(wrong)}, {@code kl(base)}, {@code changed(top_token)}, {@code entropy}, and arithmetic of these, numbers and names.
 */
public record Measure(Expression expression, boolean isToken) {

    /**
     * Reads and checks one.
     *
     * @param names sweep variables and columns
     * @throws ExpressionException naming line and column, and the nearest name
     */
    public static Measure of(String text, NameTypes names) {
        Expression expression = Expression.parse(text);
        ExpressionType type = new MeasureCheck(names).of(expression, true);
        return new Measure(expression, type.equals(ExpressionType.TOKEN));
    }

    /** Whether it compares with the base run. */
    public boolean usesBase() {
        return MeasureCheck.usesBase(expression);
    }

    /**
     * The measured value of each row, a token's id for a token.
     *
     * @param rows what names stand for in each row
     * @param baseRows for each row the row of its base run, itself where it is one
     * @param tokens gives the first token of a text
     */
    public double[] of(LogitRows logits, List<Bindings> rows, int[] baseRows, ToLongFunction<String> tokens) {
        return new MeasuredRows(logits, rows, baseRows, tokens).of(expression);
    }
}
