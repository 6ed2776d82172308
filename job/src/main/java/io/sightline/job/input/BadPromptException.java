package io.sightline.job.input;

/** A prompt that can't go through the model; it belongs in the errors table. */
public final class BadPromptException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What is wrong; its {@link #className} is the errors table's {@code error_class}. */
    public enum Reason {
        UNUSABLE_ROW("UnusableRow"),
        NULL_TEXT("NullText"),
        EMPTY_TEXT("EmptyText"),
        NO_TOKENS("NoTokens"),
        BAD_TOKEN_ID("BadTokenId"),
        TOO_LONG("TooLong");

        private final String className;

        Reason(String className) {
            this.className = className;
        }

        public String className() {
            return className;
        }
    }

    public BadPromptException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** {@code input} for what the source holds, {@code tokenize} for what became of it. */
    public String stage() {
        return switch (reason) {
            case UNUSABLE_ROW, NULL_TEXT, EMPTY_TEXT -> "input";
            case NO_TOKENS, BAD_TOKEN_ID, TOO_LONG -> "tokenize";
        };
    }
}
