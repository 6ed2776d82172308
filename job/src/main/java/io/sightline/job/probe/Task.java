package io.sightline.job.probe;

import java.util.Locale;

/** What a label is: two classes, more, or a number. {@code AUTO} looks at the column. */
public enum Task {
    AUTO,
    BINARY,
    MULTICLASS,
    REGRESSION;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
