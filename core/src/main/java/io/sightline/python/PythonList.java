package io.sightline.python;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Python's list: it can change, and every holder sees the change. */
public final class PythonList extends AbstractList<@Nullable Object> implements RandomAccess {
    private final List<@Nullable Object> items;

    public PythonList() {
        items = new ArrayList<>();
    }

    public PythonList(Collection<? extends @Nullable Object> items) {
        this.items = new ArrayList<>(items);
    }

    @Override
    public @Nullable Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable Object set(int index, @Nullable Object item) {
        return items.set(index, item);
    }

    @Override
    public void add(int index, @Nullable Object item) {
        items.add(index, item);
    }

    @Override
    public @Nullable Object remove(int index) {
        return items.remove(index);
    }
}
