package io.sightline.intervene;

import io.sightline.intervene.ExpressionType.Kind;
import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.List;

/** Types of what is measured. */
final class MeasureCheck {
    static final List<String> NAMES = List.of("top_token", "entropy");
    static final List<String> FUNCTIONS = List.of("probability", "logit", "kl", "changed");

    private final NameTypes names;

    MeasureCheck(NameTypes names) {
        this.names = names;
    }

    /** @param alone whether it is the whole measure: a token can't be part of a sum */
    ExpressionType of(Expression expression, boolean alone) {
        if (expression instanceof Expression.NumberLiteral) {
            return ExpressionType.NUMBER;
        } else if (expression instanceof Expression.Name name) {
            return named(name, alone);
        } else if (expression instanceof Expression.Negation negation) {
            return of(negation.of(), false);
        } else if (expression instanceof Expression.Binary binary) {
            of(binary.left(), false);
            return of(binary.right(), false);
        } else if (expression instanceof Expression.Call call) {
            return called(call);
        }
        throw new ExpressionException(
                expression.at(), "a text is not a measure; probability('…') or logit('…') of it is one");
    }

    private ExpressionType named(Expression.Name name, boolean alone) {
        if (name.name().equals("top_token")) {
            if (!alone) {
                throw new ExpressionException(name.at(), "top_token is a token, which can't be computed with");
            }
            return ExpressionType.TOKEN;
        } else if (name.name().equals("entropy")) {
            return ExpressionType.NUMBER;
        }
        ExpressionType type = names.types().get(name.name());
        if (type == null) {
            List<String> known = new ArrayList<>(NAMES);
            known.addAll(names.types().keySet());
            throw new ExpressionException(
                    name.at(),
                    "there is no '" + name.name() + "'" + Nearest.hint(name.name(), known) + " (measures: top_token, "
                            + "probability(text), logit(text), kl(base), changed(top_token), entropy)");
        } else if (type.kind() != Kind.NUMBER) {
            throw new ExpressionException(name.at(), "'" + name.name() + "' is " + type + "; a measure is a number");
        }
        return type;
    }

    private ExpressionType called(Expression.Call call) {
        Expression argument = call.arguments().size() == 1 ? call.arguments().get(0) : call;
        switch (call.function()) {
            case "probability", "logit" -> {
                boolean text = argument instanceof Expression.TextLiteral
                        || argument instanceof Expression.Name name
                                && names.require(name).kind() == Kind.TEXT;
                if (!text) {
                    throw new ExpressionException(
                            call.at(), call.function() + "() takes a text or the name of a text column");
                }
            }
            case "kl" -> requireName(call, argument, "base");
            case "changed" -> requireName(call, argument, "top_token");
            default ->
                throw new ExpressionException(
                        call.at(),
                        "there is no measure '" + call.function() + "'" + Nearest.hint(call.function(), FUNCTIONS));
        }
        return ExpressionType.NUMBER;
    }

    private static void requireName(Expression.Call call, Expression argument, String wanted) {
        if (!(argument instanceof Expression.Name name) || !name.name().equals(wanted)) {
            throw new ExpressionException(call.at(), call.function() + "() takes " + wanted);
        }
    }

    static boolean usesBase(Expression expression) {
        if (expression instanceof Expression.Negation negation) {
            return usesBase(negation.of());
        } else if (expression instanceof Expression.Binary binary) {
            return usesBase(binary.left()) || usesBase(binary.right());
        }
        return expression instanceof Expression.Call call
                && (call.function().equals("kl") || call.function().equals("changed"));
    }
}
