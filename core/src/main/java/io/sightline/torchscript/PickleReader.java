package io.sightline.torchscript;

import io.sightline.engine.Tuple;
import io.sightline.torchscript.Pickled.Global;
import io.sightline.torchscript.Pickled.Instance;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickle of a TorchScript archive as data. Of pickle's protocol 2 only the opcodes that torch's own pickler writes
 * (torch/csrc/jit/serialization/pickler.h) are known, and no class is ever loaded or called: a handful of names stand for tensors, lists and
 * dicts, classes of the archive's code become {@link Instance}s, anything else is refused.
 */
final class PickleReader {
    private static final Object MARK = new Object();

    private final ByteBuffer in;
    private final ArrayList<@Nullable Object> stack = new ArrayList<>();
    private final Map<Integer, @Nullable Object> memo = new HashMap<>();

    private PickleReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws IllegalArgumentException if the bytes are not such a pickle, or name something that a model does not hold */
    static @Nullable Object read(byte[] bytes) {
        PickleReader reader = new PickleReader(bytes);
        try {
            return reader.run();
        } catch (BufferUnderflowException | ClassCastException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("no valid pickle near byte " + reader.in.position(), e);
        }
    }

    private @Nullable Object run() {
        while (true) {
            int opcode = in.get() & 0xff;
            if (opcode == '.') {
                return pop();
            }
            if (!pushValue(opcode) && !build(opcode)) {
                throw new IllegalArgumentException("pickle opcode 0x" + Integer.toHexString(opcode) + " at byte "
                        + (in.position() - 1) + " is not one that TorchScript writes");
            }
        }
    }

    /** Opcodes that read a value from the stream. */
    private boolean pushValue(int opcode) {
        switch (opcode) {
            case 0x80 -> in.get();
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'K' -> stack.add((long) (in.get() & 0xff));
            case 'M' -> stack.add((long) (in.getShort() & 0xffff));
            case 'J' -> stack.add((long) in.getInt());
            case 0x8a -> stack.add(longInteger(in.get() & 0xff));
            case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> stack.add(text(in.getInt()));
            case 'c' -> stack.add(new Global(line() + "." + line()));
            case '(' -> stack.add(MARK);
            case ')' -> stack.add(Tuple.of());
            case ']' -> stack.add(new ArrayList<>());
            case '}' -> stack.add(new LinkedHashMap<>());
            case 'h' -> stack.add(recall(in.get() & 0xff));
            case 'j' -> stack.add(recall(in.getInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Opcodes that work on the stack. */
    private boolean build(int opcode) {
        switch (opcode) {
            case 'q' -> memo.put(in.get() & 0xff, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 't' -> stack.add(Tuple.copyOf(popToMark()));
            case 0x85 -> stack.add(Tuple.of(pop()));
            case 0x86 -> pair();
            case 0x87 -> triple();
            case 'a' -> append();
            case 'e' -> extend();
            case 's' -> putOne();
            case 'u' -> putAll();
            case 'Q' -> stack.add(PickledNames.storage((Tuple) require(pop())));
            case 0x81 -> instance();
            case 'R' -> reduce();
            case 'b' -> state();
            default -> {
                return false;
            }
        }
        return true;
    }

    // ---- values

    private long longInteger(int bytes) {
        if (bytes > 8) {
            throw new IllegalArgumentException("an int of " + bytes + " bytes does not fit 64 bits");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long next = i == bytes - 1 ? in.get() : in.get() & 0xffL;
            value |= next << (8 * i);
        }
        return value;
    }

    private String text(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int c = in.get(); c != '\n'; c = in.get()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private @Nullable Object recall(int index) {
        if (!memo.containsKey(index)) {
            throw new IllegalArgumentException("the pickle refers to value " + index + ", which it does not have");
        }
        return memo.get(index);
    }

    // ---- the stack

    private @Nullable Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private @Nullable Object top() {
        return stack.get(stack.size() - 1);
    }

    static Object require(@Nullable Object value) {
        if (value == null || value == MARK) {
            throw new ClassCastException("None or a mark");
        }
        return value;
    }

    private List<@Nullable Object> popToMark() {
        int mark = stack.lastIndexOf(MARK);
        List<@Nullable Object> tail = stack.subList(mark + 1, stack.size());
        List<@Nullable Object> items = new ArrayList<>(tail);
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private void pair() {
        Object second = pop();
        stack.add(Tuple.of(pop(), second));
    }

    private void triple() {
        Object third = pop();
        Object second = pop();
        stack.add(Tuple.of(pop(), second, third));
    }

    @SuppressWarnings("unchecked")
    private void append() {
        Object item = pop();
        ((ArrayList<@Nullable Object>) require(top())).add(item);
    }

    @SuppressWarnings("unchecked")
    private void extend() {
        List<@Nullable Object> items = popToMark();
        ((ArrayList<@Nullable Object>) require(top())).addAll(items);
    }

    private void putOne() {
        Object value = pop();
        put(pop(), value);
    }

    private void putAll() {
        List<@Nullable Object> items = popToMark();
        for (int i = 0; i < items.size(); i += 2) {
            put(items.get(i), items.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked")
    private void put(@Nullable Object key, @Nullable Object value) {
        if (!(key instanceof String || key instanceof Long || key instanceof Double || key instanceof Boolean)) {
            throw new IllegalArgumentException("a pickled dict has the key " + key + "; expected text or a number");
        }
        ((LinkedHashMap<Object, @Nullable Object>) require(top())).put(key, value);
    }

    private void instance() {
        pop();
        stack.add(PickledNames.instance((Global) require(pop())));
    }

    private void state() {
        Object state = pop();
        ((Instance) require(top())).state(state);
    }

    private void reduce() {
        Tuple arguments = (Tuple) require(pop());
        stack.add(PickledNames.call((Global) require(pop()), arguments));
    }
}
