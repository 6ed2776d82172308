package io.sightline.job.probe.fit;

import java.util.Locale;

/** What a prompt is used for in one fit. */
public enum Part {
    UNUSED,
    TRAIN,
    VALIDATION,
    TEST;

    private static final Part[] ALL = values();

    public byte code() {
        return (byte) ordinal();
    }

    public static Part of(byte code) {
        return ALL[code];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
