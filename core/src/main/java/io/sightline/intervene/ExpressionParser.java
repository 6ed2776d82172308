package io.sightline.intervene;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code 2 * strength - norm(v)}: Python's precedence, names, decimal numbers, texts in either quotes. */
final class ExpressionParser {
    private static final int DEEPEST = 100;

    private final String text;
    private int next;
    private int depth;

    ExpressionParser(String text) {
        this.text = text;
    }

    Expression parse() {
        Expression expression = sum();
        skipSpace();
        if (next < text.length()) {
            throw error("'" + text.charAt(next) + "' is not expected here; an expression goes on with + - * / or ends");
        }
        return expression;
    }

    private Expression sum() {
        Expression left = product();
        for (char operator = peek(); operator == '+' || operator == '-'; operator = peek()) {
            Expression.At at = take();
            left = new Expression.Binary(operator, left, product(), at);
        }
        return left;
    }

    private Expression product() {
        Expression left = signed();
        for (char operator = peek(); operator == '*' || operator == '/'; operator = peek()) {
            Expression.At at = take();
            left = new Expression.Binary(operator, left, signed(), at);
        }
        return left;
    }

    private Expression signed() {
        if (++depth > DEEPEST) {
            throw error("it is nested more than " + DEEPEST + " deep");
        }
        try {
            if (peek() == '-') {
                Expression.At at = take();
                return new Expression.Negation(signed(), at);
            }
            return primary();
        } finally {
            depth--;
        }
    }

    private Expression primary() {
        char first = peek();
        if (first == '(') {
            take();
            Expression inside = sum();
            expect(')');
            return inside;
        } else if (first == '\'' || first == '"') {
            return quoted(first);
        } else if (isDigit(first) || first == '.') {
            return number();
        } else if (isLetter(first)) {
            return nameOrCall();
        }
        throw error(
                first == 0
                        ? "it ends where a number, a name or '(' is expected"
                        : "'" + first + "' is not expected here, but a number, a name or '('");
    }

    private Expression nameOrCall() {
        Expression.At at = at();
        int start = next;
        while (next < text.length() && (isLetter(text.charAt(next)) || isDigit(text.charAt(next)))) {
            next++;
        }
        String name = text.substring(start, next);
        if (peek() != '(') {
            return new Expression.Name(name, at);
        }
        take();
        List<Expression> arguments = new ArrayList<>();
        while (peek() != ')') {
            arguments.add(sum());
            if (peek() != ')') {
                expect(',');
            }
        }
        take();
        return new Expression.Call(name, arguments, at);
    }

    private Expression quoted(char quote) {
        Expression.At at = take();
        StringBuilder value = new StringBuilder();
        while (next < text.length() && text.charAt(next) != quote) {
            char one = text.charAt(next++);
            value.append(one == '\\' && next < text.length() ? escaped(text.charAt(next++)) : one);
        }
        if (next == text.length()) {
            throw new ExpressionException(at, "the text that begins here has no closing " + quote);
        }
        next++;
        return new Expression.TextLiteral(value.toString(), at);
    }

    private static char escaped(char code) {
        return code == 'n' ? '\n' : code == 't' ? '\t' : code;
    }

    private Expression number() {
        Expression.At at = at();
        int start = next;
        while (next < text.length() && (isDigit(text.charAt(next)) || text.charAt(next) == '.')) {
            next++;
        }
        if (next < text.length() && (text.charAt(next) == 'e' || text.charAt(next) == 'E')) {
            next++;
            if (next < text.length() && (text.charAt(next) == '+' || text.charAt(next) == '-')) {
                next++;
            }
            while (next < text.length() && isDigit(text.charAt(next))) {
                next++;
            }
        }
        String digits = text.substring(start, next);
        try {
            return new Expression.NumberLiteral(Double.parseDouble(digits), at);
        } catch (NumberFormatException e) {
            throw new ExpressionException(at, "'" + digits + "' is not a number");
        }
    }

    /** The next character that is not a space; 0 at the end. */
    private char peek() {
        skipSpace();
        return next < text.length() ? text.charAt(next) : 0;
    }

    private Expression.At take() {
        Expression.At at = at();
        next++;
        return at;
    }

    private void expect(char wanted) {
        char found = peek();
        if (found != wanted) {
            throw error("'" + wanted + "' is expected here" + (found == 0 ? "" : ", not '" + found + "'"));
        }
        take();
    }

    private void skipSpace() {
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c == '_' || Character.isLetter(c);
    }

    private Expression.At at() {
        int line =
                1 + (int) text.substring(0, next).chars().filter(c -> c == '\n').count();
        return new Expression.At(line, next - text.lastIndexOf('\n', Math.max(0, next) - 1));
    }

    private ExpressionException error(String what) {
        return new ExpressionException(at(), what);
    }
}
