package io.sightline.graph;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the nested number lists of a TENSOR without an object a number. */
final class WireTensors {
    private final JsonParser parser;

    WireTensors(JsonParser parser) {
        this.parser = parser;
    }

    interface Item {
        Object read(JsonToken token) throws IOException;
    }

    /** Numbers in row-major order with the shape of their nesting. */
    static final class Numbers {
        private final long[] sizes = new long[WireLimits.DIMENSIONS];

        {
            Arrays.fill(sizes, -1);
        }

        private int dimensions = -1;
        private double[] floats = new double[8];
        private long[] integers = new long[8];
        private boolean fractional;
        private int count;

        private void add(double value, long integer, boolean isFractional) {
            if (count == floats.length) {
                floats = Arrays.copyOf(floats, count * 2);
                integers = Arrays.copyOf(integers, count * 2);
            }
            fractional |= isFractional;
            floats[count] = value;
            integers[count++] = integer;
        }

        List<Long> shape() {
            List<Long> shape = new ArrayList<>();
            for (int i = 0; i < dimensions; i++) {
                shape.add(Math.max(0, sizes[i]));
            }
            return shape;
        }

        boolean isFractional() {
            return fractional;
        }

        double[] floats() {
            return Arrays.copyOf(floats, count);
        }

        long[] integers() {
            return Arrays.copyOf(integers, count);
        }

        /** Flat numbers and booleans that were read before it was known that they are a TENSOR's; null if there is anything else. */
        static @Nullable Numbers of(List<?> values) {
            Numbers numbers = new Numbers();
            for (Object value : values) {
                if (value instanceof Value.IntValue integer) {
                    numbers.add(integer.value(), integer.value(), false);
                } else if (value == Value.Constant.TRUE || value == Value.Constant.FALSE) {
                    long bit = value == Value.Constant.TRUE ? 1 : 0;
                    numbers.add(bit, bit, false);
                } else {
                    return null;
                }
            }
            numbers.dimensions = 1;
            numbers.sizes[0] = values.size();
            return numbers;
        }

        /** The same numbers as values, where a flat list turns out to be a LIST or a TUPLE, whose type name came late. */
        List<Object> asValues() {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(fractional ? new Value.FloatValue(floats[i]) : new Value.IntValue(integers[i]));
            }
            return values;
        }
    }

    /**
     * Nested numbers as {@link Numbers}; a flat list that holds anything else, as a list of values.
     *
     * @param booleans whether true and false count as numbers, as they do where a TENSOR is known to be read
     */
    Object read(JsonToken token, Item item, boolean booleans) throws IOException {
        Numbers numbers = new Numbers();
        if (token != JsonToken.START_ARRAY) {
            number(numbers, token, 0);
            return numbers;
        }
        List<Object> values = new ArrayList<>();
        boolean plain = true;
        long size = 0;
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken(), size++) {
            if (next == JsonToken.START_ARRAY) {
                nested(numbers, next, 1);
            } else if (plain && values.isEmpty() && (isNumber(next) || (booleans && next.isBoolean()))) {
                number(numbers, next, 1);
            } else {
                if (plain) {
                    values.addAll(numbers.asValues());
                    plain = false;
                }
                values.add(item.read(next));
            }
        }
        numbers.sizes[0] = size;
        numbers.dimensions = Math.max(numbers.dimensions, 1);
        return plain ? numbers : values;
    }

    private static boolean isNumber(JsonToken token) {
        return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }

    private void nested(Numbers numbers, JsonToken token, int depth) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            number(numbers, token, depth);
            return;
        }
        if (depth >= WireLimits.DIMENSIONS || (numbers.dimensions >= 0 && depth >= numbers.dimensions)) {
            throw ragged();
        }
        long size = 0;
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            nested(numbers, next, depth + 1);
            size++;
        }
        if (numbers.dimensions < 0) {
            numbers.dimensions = depth + 1;
        }
        if (numbers.sizes[depth] < 0) {
            numbers.sizes[depth] = size;
        } else if (numbers.sizes[depth] != size) {
            throw ragged();
        }
    }

    private void number(Numbers numbers, JsonToken token, int depth) throws IOException {
        if (numbers.dimensions < 0) {
            numbers.dimensions = depth;
        } else if (numbers.dimensions != depth) {
            throw ragged();
        }
        switch (token) {
            case VALUE_NUMBER_INT -> numbers.add(parser.getDoubleValue(), bounded(), false);
            case VALUE_NUMBER_FLOAT -> numbers.add(parser.getDoubleValue(), 0, true);
            case VALUE_TRUE -> numbers.add(1, 1, false);
            case VALUE_FALSE -> numbers.add(0, 0, false);
            default ->
                throw new GraphException("a TENSOR holds numbers and booleans, not " + parser.getText() + ", at line "
                        + parser.currentLocation().getLineNr());
        }
    }

    private long bounded() throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new GraphException("the integer " + parser.getText() + " in a TENSOR does not fit 64 bits");
        }
        return parser.getLongValue();
    }

    private static GraphException ragged() {
        return new GraphException("the values of a TENSOR have to nest evenly, all to the same depth and sizes");
    }
}
