package io.sightline.torchscript;

/**
 * A word of TorchScript source.
 *
 * @param text the word as written; for a string what it stands for
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        SYMBOL,
        NEWLINE,
        INDENT,
        DEDENT,
        END
    }

    boolean is(String symbol) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbol);
    }
}
