package io.sightline.torchscript;

import io.sightline.torchscript.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses a function of an archive's code. The grammar is what torch's printer writes (torch/csrc/jit/serialization/python_print.cpp), a small
 * part of Python's.
 */
final class Parser {
    private static final Set<String> GLOBAL_ROOTS = Set.of("torch", "ops", "__torch__", "CONSTANTS");
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** A parameter of a function, with its default where it has one. */
    record Parameter(String name, @Nullable Expression defaultValue) {}

    record Definition(List<Parameter> parameters, List<Statement> body) {}

    /**
     * Parses {@code def name(…) -> T:} and its body.
     *
     * @throws UnsupportedOperationException for a construct that is not run here, naming it
     */
    static Definition parse(String source) {
        Parser parser = new Parser(Lexer.tokens(source.stripTrailing().stripIndent()));
        parser.expect("def");
        parser.name();
        List<Parameter> parameters = parser.parameters();
        if (parser.accept("->")) {
            parser.expression();
        }
        return new Definition(parameters, parser.block());
    }

    // ---- statements

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        expect("(");
        while (!accept(")")) {
            String name = name();
            if (accept(":")) {
                expression();
            }
            parameters.add(new Parameter(name, accept("=") ? expression() : null));
            accept(",");
        }
        return parameters;
    }

    private List<Statement> block() {
        expect(":");
        deeper();
        expect(Kind.NEWLINE);
        expect(Kind.INDENT);
        List<Statement> statements = new ArrayList<>();
        while (peek().kind() != Kind.DEDENT) {
            statements.add(statement());
        }
        expect(Kind.DEDENT);
        depth--;
        return statements;
    }

    private Statement statement() {
        if (accept("if")) {
            Expression condition = expression();
            List<Statement> then = block();
            return new Statement.If(condition, then, accept("else") ? block() : List.of());
        } else if (accept("while")) {
            return new Statement.While(expression(), block());
        } else if (accept("for")) {
            return loop();
        }
        Statement simple = simpleStatement();
        expect(Kind.NEWLINE);
        return simple;
    }

    private Statement loop() {
        String name = name();
        expect("in");
        expect("range");
        expect("(");
        Expression count = expression();
        expect(")");
        return new Statement.For(name, count, block());
    }

    private Statement simpleStatement() {
        if (accept("pass")) {
            return new Statement.Pass();
        } else if (accept("return")) {
            return new Statement.Return(peek().kind() == Kind.NEWLINE ? null : expressions());
        }
        Expression first = expressions();
        if (accept(":")) {
            // A declared type, which says nothing at run time.
            expression();
        }
        if (!accept("=")) {
            return new Statement.Do(first);
        }
        boolean unpacks = first instanceof Expression.TupleOf;
        List<Expression> targets = first instanceof Expression.TupleOf tuple ? tuple.items() : List.of(first);
        List<String> names = new ArrayList<>();
        for (Expression target : targets) {
            if (!(target instanceof Expression.Name name)) {
                throw unsupported("an assignment to something else than a variable (a module that keeps state)");
            }
            names.add(name.name());
        }
        return new Statement.Assign(names, unpacks, expressions());
    }

    /** One expression, or several with commas between them or after them: a tuple. */
    private Expression expressions() {
        Expression first = expression();
        if (!peek().is(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (accept(",")) {
            if (peek().kind() == Kind.NEWLINE || peek().is("=") || peek().is(")") || peek().is("]")) {
                break;
            }
            items.add(expression());
        }
        return new Expression.TupleOf(items);
    }

    // ---- expressions

    private Expression expression() {
        deeper();
        Expression value = prefixed();
        depth--;
        return value;
    }

    private Expression prefixed() {
        if (accept("-")) {
            Expression value = expression();
            return value instanceof Expression.Literal literal && literal.value() instanceof Number number
                    ? new Expression.Literal(negated(number))
                    : new Expression.Negative(value);
        } else if (accept("not")) {
            return new Expression.Not(expression());
        }
        Expression value = primary();
        while (true) {
            if (accept(".")) {
                value = attribute(value, name());
            } else if (accept("(")) {
                value = call(value);
            } else if (accept("[")) {
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
        while (!accept(")")) {
            if (peek().kind() == Kind.NAME && tokens.get(at + 1).is("=")) {
                String name = name();
                expect("=");
                keywords.put(name, expression());
            } else {
                arguments.add(expression());
            }
            if (!accept(",") && !peek().is(")")) {
                throw unsupported("'" + peek().text() + "' in a call");
            }
        }
        return function instanceof Expression.Name name
                ? special(name.name(), function, arguments, keywords)
                : new Expression.Call(function, arguments, keywords);
    }

    /** Calls that take types or names of attributes, and so are no calls of values. */
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
            throw unsupported("isinstance");
        }
        return new Expression.Call(function, arguments, keywords);
    }

    private Expression subscript(Expression target) {
        Expression start = peek().is(":") ? null : expressions();
        if (accept("]")) {
            return new Expression.Index(target, start == null ? new Expression.Literal(null) : start);
        }
        expect(":");
        Expression stop = peek().is("]") ? null : expression();
        expect("]");
        return new Expression.Section(target, start, stop);
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case NAME -> named(token.text());
            case NUMBER -> new Expression.Literal(number(token.text()));
            case STRING -> new Expression.Literal(token.text());
            case SYMBOL -> bracketed(token);
            default -> throw unsupported("an unexpected end of line");
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
            throw unsupported("the number " + text);
        }
    }

    private Expression bracketed(Token token) {
        switch (token.text()) {
            case "(" -> {
                if (accept(")")) {
                    return new Expression.TupleOf(List.of());
                }
                Expression inside = expressions();
                expect(")");
                return inside;
            }
            case "[" -> {
                return new Expression.ListOf(items("]"));
            }
            case "{" -> {
                return dict();
            }
            default -> throw unsupported("'" + token.text() + "'");
        }
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!accept(end)) {
            items.add(expression());
            if (!accept(",") && !peek().is(end)) {
                throw unsupported("'" + peek().text() + "' in a list");
            }
        }
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!accept("}")) {
            keys.add(expression());
            expect(":");
            values.add(expression());
            accept(",");
        }
        return new Expression.DictOf(keys, values);
    }

    // ---- tokens

    private void deeper() {
        if (++depth > DEEPEST) {
            throw unsupported("more than " + DEEPEST + " levels of nesting");
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean accept(String symbol) {
        if (peek().is(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String symbol) {
        if (!accept(symbol)) {
            throw unsupported("'" + peek().text() + "' where '" + symbol + "' should stand");
        }
    }

    private void expect(Kind kind) {
        if (next().kind() != kind) {
            throw unsupported("'" + tokens.get(Math.max(0, at - 1)).text() + "' where a statement should end");
        }
    }

    private String name() {
        Token token = next();
        if (token.kind() != Kind.NAME) {
            throw unsupported("'" + token.text() + "' where a name should stand");
        }
        return token.text();
    }

    private UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException("line " + peek().line() + " has " + what + ", which is not run here");
    }
}
