package io.sightline.intervene;

import java.util.List;

/**
 * Arithmetic over numbers, names and vectors, {@code strength * unit(sentiment)}: read from text, checked before anything runs, evaluated for each
 * row.
 */
public sealed interface Expression {
    /** Where it stands in its text, both from 1. */
    record At(int line, int column) {}

    At at();

    record NumberLiteral(double value, At at) implements Expression {}

    record TextLiteral(String value, At at) implements Expression {}

    record Name(String name, At at) implements Expression {}

    record Negation(Expression of, At at) implements Expression {}

    /** @param operator one of {@code + - * /} */
    record Binary(char operator, Expression left, Expression right, At at) implements Expression {}

    record Call(String function, List<Expression> arguments, At at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** @throws ExpressionException naming line and column */
    static Expression parse(String text) {
        return new ExpressionParser(text).parse();
    }

    /**
     * Checks names, types and widths of an operand's expression; gives what it stands for.
     *
     * @throws ExpressionException naming line and column, and the nearest name
     */
    default ExpressionType check(NameTypes names) {
        return new OperandCheck(names).of(this);
    }

    /** Whether it uses the value of its place in the base run. */
    default boolean usesBase() {
        if (this instanceof Name name) {
            return name.name().equals("base");
        } else if (this instanceof Negation negation) {
            return negation.of().usesBase();
        } else if (this instanceof Binary binary) {
            return binary.left().usesBase() || binary.right().usesBase();
        }
        return this instanceof Call call && call.arguments().stream().anyMatch(Expression::usesBase);
    }

    /** Its value, a {@code Double} or {@code float[]}, where it does not use {@code base}. */
    default Object evaluate(Bindings bindings) {
        return new Evaluator<>(
                        HostArithmetic.INSTANCE, name -> bindings.values().get(name))
                .of(this);
    }
}
