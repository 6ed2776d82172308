package io.sightline.torchscript;

import io.sightline.torchscript.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses a function of an archive's code. The grammar is what torch's printer writes (torch/csrc/jit/serialization/python_print.cpp), a small
 * part of Python's.
 */
final class Parser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        expressions = new ExpressionParser(tokens);
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
        return new Parser(new Tokens(Lexer.tokens(source.stripTrailing().stripIndent()))).definition();
    }

    private Definition definition() {
        tokens.expect("def");
        tokens.name();
        List<Parameter> parameters = parameters();
        if (tokens.accept("->")) {
            expressions.expression();
        }
        return new Definition(parameters, block());
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.accept(")")) {
            String name = tokens.name();
            if (tokens.accept(":")) {
                expressions.expression();
            }
            parameters.add(new Parameter(name, tokens.accept("=") ? expressions.expression() : null));
            tokens.accept(",");
        }
        return parameters;
    }

    private List<Statement> block() {
        tokens.expect(":");
        tokens.deeper();
        tokens.expect(Kind.NEWLINE);
        tokens.expect(Kind.INDENT);
        List<Statement> statements = new ArrayList<>();
        while (tokens.peek().kind() != Kind.DEDENT) {
            statements.add(statement());
        }
        tokens.expect(Kind.DEDENT);
        tokens.back();
        return statements;
    }

    private Statement statement() {
        if (tokens.accept("if")) {
            Expression condition = expressions.expression();
            List<Statement> then = block();
            return new Statement.If(condition, then, tokens.accept("else") ? block() : List.of());
        } else if (tokens.accept("while")) {
            return new Statement.While(expressions.expression(), block());
        } else if (tokens.accept("for")) {
            return loop();
        }
        Statement simple = simpleStatement();
        tokens.expect(Kind.NEWLINE);
        return simple;
    }

    private Statement loop() {
        String name = tokens.name();
        tokens.expect("in");
        tokens.expect("range");
        tokens.expect("(");
        Expression count = expressions.expression();
        tokens.expect(")");
        return new Statement.For(name, count, block());
    }

    private Statement simpleStatement() {
        if (tokens.accept("pass")) {
            return new Statement.Pass();
        } else if (tokens.accept("return")) {
            return new Statement.Return(tokens.peek().kind() == Kind.NEWLINE ? null : expressions.expressions());
        }
        Expression first = expressions.expressions();
        if (tokens.accept(":")) {
            // A declared type, which says nothing at run time.
            expressions.expression();
        }
        if (!tokens.accept("=")) {
            return new Statement.Do(first);
        }
        boolean unpacks = first instanceof Expression.TupleOf;
        List<Expression> targets = first instanceof Expression.TupleOf tuple ? tuple.items() : List.of(first);
        List<String> names = new ArrayList<>();
        for (Expression target : targets) {
            if (!(target instanceof Expression.Name name)) {
                throw tokens.unsupported("an assignment to something else than a variable (a module that keeps state)");
            }
            names.add(name.name());
        }
        return new Statement.Assign(names, unpacks, expressions.expressions());
    }
}
