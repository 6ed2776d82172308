package io.sightline.torchscript;

import io.sightline.torchscript.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses the expressions of an archive's code. */
final class ExpressionParser {
    private static final Set<String> GLOBAL_ROOTS = Set.of("torch", "ops", "__torch__", "CONSTANTS");

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** One expression, or several with commas between them or after them: a tuple. */
    Expression expressions() {
        Expression first = expression();
        if (!tokens.peek().is(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.accept(",")) {
            if (tokens.peek().kind() == Kind.NEWLINE
                    || tokens.peek().is("=")
                    || tokens.peek().is(")")
                    || tokens.peek().is("]")) {
                break;
            }
            items.add(expression());
        }
        return new Expression.TupleOf(items);
    }

    Expression expression() {
        tokens.deeper();
        Expression value = prefixed();
        tokens.back();
        return value;
    }

    private Expression prefixed() {
        if (tokens.accept("-")) {
            Expression value = expression();
            return value instanceof Expression.Literal literal && literal.value() instanceof Number number
                    ? new Expression.Literal(negated(number))
                    : new Expression.Negative(value);
        } else if (tokens.accept("not")) {
            return new Expression.Not(expression());
        }
        Expression value = primary();
        while (true) {
            if (tokens.accept(".")) {
                value = attribute(value, tokens.name());
            } else if (tokens.accept("(")) {
                value = call(value);
            } else if (tokens.accept("[")) {
                value = subscript(value);
            } else {
                return value;
            }
        }
    }

    private static Number negated(Number number) {
        return number instanceof Long whole ? (Number) (-whole) : (Number) (-number.doubleValue());
    }

    private static Expression attribute(Expression target, String name) {
        return target instanceof Expression.Global global
                ? new Expression.Global(global.path() + "." + name)
                : new Expression.Attribute(target, name);
    }

    private Expression call(Expression function) {
        List<Expression> arguments = new ArrayList<>();
        Map<String, Expression> keywords = new LinkedHashMap<>();
        while (!tokens.accept(")")) {
            if (tokens.peek().kind() == Kind.NAME && tokens.second().is("=")) {
                String name = tokens.name();
                tokens.expect("=");
                keywords.put(name, expression());
            } else {
                arguments.add(expression());
            }
            if (!tokens.accept(",") && !tokens.peek().is(")")) {
                throw tokens.unsupported("'" + tokens.peek().text() + "' in a call");
            }
        }
        return function instanceof Expression.Name name
                ? special(name.name(), function, arguments, keywords)
                : new Expression.Call(function, arguments, keywords);
    }

    /** Calls that take types or names of attributes, and so are not calls of values. */
    private Expression special(
            String name, Expression function, List<Expression> arguments, Map<String, Expression> keywords) {
        if ((name.equals("annotate") || name.equals("unchecked_cast")) && arguments.size() == 2) {
            return new Expression.Typed(arguments.get(1));
        } else if (name.equals("uninitialized")) {
            return new Expression.Literal(null);
        } else if (name.equals("getattr")
                && arguments.size() == 2
                && arguments.get(1) instanceof Expression.Literal literal
                && literal.value() instanceof String attribute) {
            return new Expression.Attribute(arguments.get(0), attribute);
        } else if (name.equals("isinstance")) {
            throw tokens.unsupported("isinstance");
        }
        return new Expression.Call(function, arguments, keywords);
    }

    private Expression subscript(Expression target) {
        Expression start = tokens.peek().is(":") ? null : expressions();
        if (tokens.accept("]")) {
            return new Expression.Index(target, start == null ? new Expression.Literal(null) : start);
        }
        tokens.expect(":");
        Expression stop = tokens.peek().is("]") ? null : expression();
        tokens.expect("]");
        return new Expression.Section(target, start, stop);
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> named(token.text());
            case NUMBER -> new Expression.Literal(number(token.text()));
            case STRING -> new Expression.Literal(token.text());
            case SYMBOL -> bracketed(token);
            default -> throw tokens.unsupported("an unexpected end of line");
        };
    }

    private static Expression named(String name) {
        return switch (name) {
            case "None" -> new Expression.Literal(null);
            case "True" -> new Expression.Literal(true);
            case "False" -> new Expression.Literal(false);
            case "inf" -> new Expression.Literal(Double.POSITIVE_INFINITY);
            case "nan" -> new Expression.Literal(Double.NaN);
            default -> GLOBAL_ROOTS.contains(name) ? new Expression.Global(name) : new Expression.Name(name);
        };
    }

    private Number number(String text) {
        try {
            boolean real = text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
            return real ? (Number) Double.valueOf(text) : (Number) Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw tokens.unsupported("the number " + text);
        }
    }

    private Expression bracketed(Token token) {
        switch (token.text()) {
            case "(" -> {
                if (tokens.accept(")")) {
                    return new Expression.TupleOf(List.of());
                }
                Expression inside = expressions();
                tokens.expect(")");
                return inside;
            }
            case "[" -> {
                return new Expression.ListOf(items("]"));
            }
            case "{" -> {
                return dict();
            }
            default -> throw tokens.unsupported("'" + token.text() + "'");
        }
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.accept(end)) {
            items.add(expression());
            if (!tokens.accept(",") && !tokens.peek().is(end)) {
                throw tokens.unsupported("'" + tokens.peek().text() + "' in a list");
            }
        }
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.accept("}")) {
            keys.add(expression());
            tokens.expect(":");
            values.add(expression());
            tokens.accept(",");
        }
        return new Expression.DictOf(keys, values);
    }
}
