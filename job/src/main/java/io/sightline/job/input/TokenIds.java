package io.sightline.job.input;

import io.sightline.job.input.BadPromptException.Reason;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/** Reads the value of an {@code input_ids} column: an array of numbers or digits, or a string such as {@code [1, 2, 3]}. */
final class TokenIds {
    private TokenIds() {}

    /**
     * @param vocabulary how many ids the model embeds
     * @throws BadPromptException if it is empty, or an item is not a whole number from 0 to {@code vocabulary - 1}
     */
    static long[] read(@Nullable Object value, long vocabulary) throws BadPromptException {
        if (value == null) {
            throw new BadPromptException(Reason.NULL_TEXT, "input_ids is null");
        }
        Object[] items = items(value);
        if (items.length == 0) {
            throw new BadPromptException(Reason.NO_TOKENS, "input_ids is empty");
        }
        long[] ids = new long[items.length];
        for (int i = 0; i < items.length; i++) {
            ids[i] = id(items[i], i, vocabulary);
        }
        return ids;
    }

    private static Object[] items(Object value) {
        if (value instanceof Seq<?> sequence) {
            Object[] items = new Object[sequence.size()];
            for (int i = 0; i < items.length; i++) {
                items[i] = sequence.apply(i);
            }
            return items;
        }
        String text = value.toString().strip();
        String inner = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        return inner.isBlank() ? new Object[0] : inner.strip().split("[\\s,]+");
    }

    private static long id(@Nullable Object item, int index, long vocabulary) throws BadPromptException {
        long id;
        if (item instanceof Double || item instanceof Float) {
            double number = ((Number) item).doubleValue();
            id = number == Math.rint(number) ? (long) number : -1;
        } else {
            id = parse(item);
        }
        if (id < 0 || id >= vocabulary) {
            throw new BadPromptException(
                    Reason.BAD_TOKEN_ID,
                    "token id " + item + " in input_ids[" + index + "]; this model has ids 0 to " + (vocabulary - 1));
        }
        return id;
    }

    private static long parse(@Nullable Object item) {
        try {
            return item == null ? -1 : Long.parseLong(item.toString().strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
