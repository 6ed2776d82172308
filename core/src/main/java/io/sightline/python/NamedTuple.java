package io.sightline.python;

import io.sightline.engine.Tuple;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** One of {@code torch.return_types}: a tuple whose items have names as well, {@code .values} and {@code .indices}. */
public final class NamedTuple extends AbstractList<@Nullable Object> implements RandomAccess {
    private final List<String> names;
    private final Tuple items;

    public NamedTuple(List<String> names, Tuple items) {
        if (names.size() != items.size()) {
            throw new IllegalArgumentException("names " + names + " for " + items.size() + " items");
        }
        this.names = names;
        this.items = items;
    }

    public List<String> names() {
        return names;
    }

    @Override
    public @Nullable Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
