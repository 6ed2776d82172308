package io.sightline.engine;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A Python tuple: immutable, may hold None ({@code null}); not equal to a list of the same items. */
public final class Tuple extends AbstractList<@Nullable Object> implements RandomAccess {
    private final @Nullable Object[] items;

    private Tuple(@Nullable Object[] items) {
        this.items = items;
    }

    public static Tuple of(@Nullable Object... items) {
        return new Tuple(items.clone());
    }

    public static Tuple copyOf(List<? extends @Nullable Object> items) {
        return new Tuple(items.toArray());
    }

    /** This tuple with item {@code index} replaced. */
    public Tuple with(int index, @Nullable Object item) {
        @Nullable Object[] copy = items.clone();
        copy[index] = item;
        return new Tuple(copy);
    }

    @Override
    public @Nullable Object get(int index) {
        return items[index];
    }

    @Override
    public int size() {
        return items.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tuple tuple && Arrays.equals(items, tuple.items);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(items);
    }

    @Override
    public String toString() {
        String inside =
                String.join(", ", Arrays.stream(items).map(String::valueOf).toList());
        return items.length == 1 ? "(" + inside + ",)" : "(" + inside + ")";
    }
}
