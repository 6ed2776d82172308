package io.sightline.intervene;

import io.sightline.intervene.ExpressionType.Kind;
import io.sightline.spelling.Nearest;
import java.util.List;

/** Types of expressions that say by how much a vector is changed. */
final class OperandCheck {
    private static final List<String> FUNCTIONS = List.of("norm", "unit");

    private final NameTypes names;

    OperandCheck(NameTypes names) {
        this.names = names;
    }

    ExpressionType of(Expression expression) {
        if (expression instanceof Expression.NumberLiteral) {
            return ExpressionType.NUMBER;
        } else if (expression instanceof Expression.Name name) {
            return name.name().equals("base")
                    ? ExpressionType.vector(names.width())
                    : computable(name, names.require(name));
        } else if (expression instanceof Expression.Negation negation) {
            return of(negation.of());
        } else if (expression instanceof Expression.Binary binary) {
            return both(binary);
        } else if (expression instanceof Expression.Call call) {
            return called(call);
        }
        throw new ExpressionException(expression.at(), "a text can't be computed with");
    }

    private static ExpressionType computable(Expression.Name name, ExpressionType type) {
        if (type.kind() == Kind.NUMBER || type.kind() == Kind.VECTOR) {
            return type;
        }
        throw new ExpressionException(name.at(), "'" + name.name() + "' is " + type + ", which can't be computed with");
    }

    private ExpressionType both(Expression.Binary binary) {
        ExpressionType left = of(binary.left());
        ExpressionType right = of(binary.right());
        if (left.kind() == Kind.VECTOR && right.kind() == Kind.VECTOR && left.width() != right.width()) {
            throw new ExpressionException(
                    binary.at(),
                    "'" + binary.operator() + "' takes " + left + " and " + right + "; their widths differ");
        }
        return left.kind() == Kind.VECTOR ? left : right;
    }

    private ExpressionType called(Expression.Call call) {
        if (!FUNCTIONS.contains(call.function())) {
            throw new ExpressionException(
                    call.at(),
                    "there is no function '" + call.function() + "'" + Nearest.hint(call.function(), FUNCTIONS)
                            + " (known: norm, unit)");
        }
        ExpressionType argument =
                call.arguments().size() == 1 ? of(call.arguments().get(0)) : ExpressionType.NUMBER;
        if (argument.kind() != Kind.VECTOR) {
            throw new ExpressionException(call.at(), call.function() + "() takes one vector");
        }
        return call.function().equals("norm") ? ExpressionType.NUMBER : argument;
    }
}
