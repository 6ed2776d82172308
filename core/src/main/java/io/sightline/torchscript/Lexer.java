package io.sightline.torchscript;

import io.sightline.torchscript.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts TorchScript source into tokens, with Python's rules for indentation and for line breaks inside brackets. */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Integer> indents = new ArrayDeque<>(List.of(0));
    private int at;
    private int line = 1;
    private int brackets;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        boolean lineStart = true;
        while (at < source.length()) {
            if (lineStart) {
                lineStart = !indentation();
                continue;
            }
            char c = source.charAt(at);
            if (c == '\n') {
                newline();
                lineStart = brackets == 0;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                skipToLineEnd();
            } else {
                word(c);
            }
        }
        add(Kind.NEWLINE, "");
        dedentTo(0);
        add(Kind.END, "");
    }

    /** Measures a new line's indent; an empty line has none. Returns whether the line has content. */
    private boolean indentation() {
        int start = at;
        while (at < source.length() && source.charAt(at) == ' ') {
            at++;
        }
        if (at == source.length() || source.charAt(at) == '\n') {
            if (at < source.length()) {
                at++;
                line++;
            }
            return false;
        }
        int width = at - start;
        if (width > indents.getFirst()) {
            indents.push(width);
            add(Kind.INDENT, "");
        }
        dedentTo(width);
        return true;
    }

    private void dedentTo(int width) {
        while (indents.getFirst() > width) {
            indents.pop();
            add(Kind.DEDENT, "");
        }
    }

    private void newline() {
        if (brackets == 0) {
            add(Kind.NEWLINE, "");
        }
        at++;
        line++;
    }

    private void skipToLineEnd() {
        while (at < source.length() && source.charAt(at) != '\n') {
            at++;
        }
    }

    private void word(char c) {
        int start = at;
        if (Character.isLetter(c) || c == '_') {
            while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
                at++;
            }
            add(Kind.NAME, source.substring(start, at));
        } else if (Character.isDigit(c)) {
            number();
            add(Kind.NUMBER, source.substring(start, at));
        } else if (c == '"' || c == '\'') {
            string(c);
        } else {
            symbol(c);
        }
    }

    private void number() {
        while (at < source.length()) {
            char c = source.charAt(at);
            boolean exponentSign = (c == '-' || c == '+') && Character.toLowerCase(source.charAt(at - 1)) == 'e';
            if (!Character.isLetterOrDigit(c) && c != '.' && !exponentSign) {
                return;
            }
            at++;
        }
    }

    private void string(char quote) {
        StringBuilder text = new StringBuilder();
        for (at++; at < source.length() && source.charAt(at) != quote; at++) {
            char c = source.charAt(at);
            if (c == '\\' && at + 1 < source.length()) {
                at++;
                text.append(escaped());
            } else if (c == '\n') {
                throw error("a text that does not end on its line");
            } else {
                text.append(c);
            }
        }
        at++;
        add(Kind.STRING, text.toString());
    }

    private char escaped() {
        char c = source.charAt(at);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'a' -> '\007';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> '\013';
            case '0', '1', '2', '3' -> octal();
            case '\\', '"', '\'' -> c;
            default -> throw error("the escape \\" + c);
        };
    }

    /** torch writes unprintable bytes as three octal digits. */
    private char octal() {
        if (at + 3 > source.length() || !source.substring(at, at + 3).matches("[0-7]{3}")) {
            throw error("an unfinished octal escape");
        }
        char value = (char) Integer.parseInt(source.substring(at, at + 3), 8);
        at += 2;
        return value;
    }

    private void symbol(char c) {
        if ("([{".indexOf(c) >= 0) {
            brackets++;
        } else if (")]}".indexOf(c) >= 0) {
            brackets = Math.max(0, brackets - 1);
        }
        String text = source.startsWith("->", at) ? "->" : String.valueOf(c);
        at += text.length();
        add(Kind.SYMBOL, text);
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private IllegalArgumentException error(String what) {
        return new IllegalArgumentException("line " + line + " of the source has " + what);
    }
}
