package io.sightline.engine;

/** Python's {@code ...} inside an index. */
public enum Ellipsis {
    ELLIPSIS
}
