package io.sightline.torchscript;

import io.sightline.torchscript.Token.Kind;
import java.util.List;

/** A reader's place among the tokens of a function. What it does not find it refuses with the line it is at. */
final class Tokens {
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Enters a level of nesting, which {@link #back} leaves. */
    void deeper() {
        if (++depth > DEEPEST) {
            throw unsupported("more than " + DEEPEST + " levels of nesting");
        }
    }

    void back() {
        depth--;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token second() {
        return tokens.get(at + 1);
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean accept(String symbol) {
        if (peek().is(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String symbol) {
        if (!accept(symbol)) {
            throw unsupported("'" + peek().text() + "' where '" + symbol + "' should stand");
        }
    }

    void expect(Kind kind) {
        if (next().kind() != kind) {
            throw unsupported("'" + tokens.get(Math.max(0, at - 1)).text() + "' where a statement should end");
        }
    }

    String name() {
        Token token = next();
        if (token.kind() != Kind.NAME) {
            throw unsupported("'" + token.text() + "' where a name should stand");
        }
        return token.text();
    }

    /** The refusal of what stands here. */
    UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException("line " + peek().line() + " has " + what + ", which is not run here");
    }
}
