package io.sightline.engine;

import org.jspecify.annotations.Nullable;

/** An operation that libtorch refused. The message names the operation and what torch said, without the C++ stack. */
public final class TorchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TorchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Wraps what a native call threw; errors of the JVM itself pass unchanged. */
    static RuntimeException of(String operation, Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof TorchException already) {
            return already;
        }
        return new TorchException(operation + ": " + reason(thrown), thrown);
    }

    /** libtorch's messages end with the reason, after a TorchScript traceback; the C++ frames follow it. */
    private static String reason(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        int frames = message.indexOf("\nException raised from");
        String text = frames < 0 ? message : message.substring(0, frames);
        int error = text.lastIndexOf("Error: ");
        if (error >= 0) {
            return text.substring(error + "Error: ".length()).strip();
        }
        return text.strip();
    }
}
