package io.sightline.nn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Modules by number, {@code torch.nn.ModuleList}. It is not called itself; its owner calls its items. */
public final class ModuleList extends Module implements Iterable<Module> {
    private final List<Module> items;

    public ModuleList(List<? extends Module> items) {
        this.items = List.copyOf(items);
        for (int i = 0; i < items.size(); i++) {
            child(Integer.toString(i), items.get(i));
        }
    }

    public int size() {
        return namedChildren().size();
    }

    public Module get(int index) {
        Module item = namedChildren().get(Integer.toString(index));
        if (item == null) {
            throw new IndexOutOfBoundsException("no item " + index + " in a ModuleList of " + size());
        }
        return item;
    }

    @Override
    public Iterator<Module> iterator() {
        return namedChildren().values().iterator();
    }

    @Override
    protected @Nullable Object forward(Args args) {
        throw new UnsupportedOperationException(
                "a ModuleList of " + items.size() + " modules has no forward; call its items");
    }

    /** torch collapses equal neighbours: {@code (0-11): 12 x GPT2Block(}. */
    @Override
    List<String> childLines() {
        List<String> lines = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        forEach(item -> texts.add(item.toString()));
        for (int start = 0, end; start < texts.size(); start = end) {
            end = start + 1;
            while (end < texts.size() && texts.get(end).equals(texts.get(start))) {
                end++;
            }
            String place = end - start == 1
                    ? "(" + start + "): "
                    : "(" + start + "-" + (end - 1) + "): " + (end - start) + " x ";
            lines.add(place + Repr.indent(texts.get(start)));
        }
        return lines;
    }
}
