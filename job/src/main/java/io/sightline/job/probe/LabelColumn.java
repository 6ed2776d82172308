package io.sightline.job.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;

/** The values of one label's column, one a prompt, and what can be made of them. */
final class LabelColumn {
    /** A column of whole numbers with more distinct ones than this is a quantity, not a set of classes. */
    private static final int MOST_NUMBERED_CLASSES = 20;

    private final DataType type;
    private final @Nullable Object[] values;
    private final List<Object> distinct;

    /** @param values strings, booleans or numbers; {@code null} and NaN stand for no label */
    LabelColumn(DataType type, @Nullable Object[] values) {
        this.type = type;
        this.values = values;
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Number number && Double.isNaN(number.doubleValue())) {
                values[i] = null;
            }
        }
        this.distinct = Arrays.stream(values)
                .filter(Objects::nonNull)
                .map(value -> (Object) value)
                .distinct()
                .sorted(order(type))
                .toList();
    }

    static boolean isSupported(DataType type) {
        return type instanceof StringType || type instanceof BooleanType || type instanceof NumericType;
    }

    private static Comparator<Object> order(DataType type) {
        return type instanceof NumericType
                ? Comparator.comparingDouble(value -> ((Number) value).doubleValue())
                : Comparator.comparing(Object::toString);
    }

    int labelled() {
        return (int) Arrays.stream(values).filter(Objects::nonNull).count();
    }

    List<String> classes() {
        return distinct.stream().map(Object::toString).toList();
    }

    boolean isNumeric() {
        return type instanceof NumericType;
    }

    /** What {@code auto} stands for. */
    Task natural() {
        if (distinct.size() <= 2 && (!isFraction() || distinct.stream().allMatch(LabelColumn::isWhole))) {
            return Task.BINARY;
        }
        boolean quantity = isNumeric() && (isFraction() || distinct.size() > MOST_NUMBERED_CLASSES);
        return quantity ? Task.REGRESSION : Task.MULTICLASS;
    }

    private boolean isFraction() {
        return type instanceof DoubleType || type instanceof FloatType;
    }

    private static boolean isWhole(Object value) {
        return ((Number) value).doubleValue() % 1 == 0;
    }

    /** Why {@code task} cannot be done with this column, or {@code null}. */
    @Nullable
    String refusal(Task task) {
        if (labelled() == 0) {
            return "no prompt has a value: it is null (or 'where' is not true) for each of the " + values.length
                    + " prompts";
        } else if (distinct.size() == 1) {
            return "there is only one value, '" + distinct.get(0) + "', among " + labelled()
                    + " labelled prompts: there is nothing to distinguish";
        } else if (task == Task.BINARY && distinct.size() > 2) {
            return "a binary probe needs 2 classes, there are " + distinct.size() + " (" + someClasses()
                    + "): use task: multiclass, or 'where' to choose two";
        } else if (task == Task.REGRESSION && !isNumeric()) {
            return "regression needs a column of numbers, this one is " + type.simpleString() + " (" + someClasses()
                    + ")";
        }
        return null;
    }

    private String someClasses() {
        List<String> classes = classes();
        return String.join(", ", classes.subList(0, Math.min(5, classes.size()))) + (classes.size() > 5 ? ", …" : "");
    }

    /** The class of each prompt, as an index into {@link #classes}; -1 where there is none. */
    int[] classOfPrompt() {
        Map<Object, Integer> numbers = new HashMap<>();
        distinct.forEach(value -> numbers.put(value, numbers.size()));
        int[] classes = new int[values.length];
        Arrays.setAll(classes, i -> values[i] == null ? -1 : numbers.getOrDefault(values[i], -1));
        return classes;
    }

    /** The number of each prompt; NaN where there is none. */
    double[] valueOfPrompt() {
        double[] numbers = new double[values.length];
        Arrays.setAll(numbers, i -> values[i] instanceof Number number ? number.doubleValue() : Double.NaN);
        return numbers;
    }

    /** Prompts in up to ten bins of rising numbers with at least five prompts each, so that every part gets small and large ones. */
    int[] binOfPrompt() {
        double[] numbers = valueOfPrompt();
        List<Integer> labelled = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isNaN(numbers[i])) {
                labelled.add(i);
            }
        }
        labelled.sort(Comparator.comparingDouble(i -> numbers[i]));
        int bins = Math.max(1, Math.min(10, labelled.size() / 5));
        int[] bin = new int[numbers.length];
        Arrays.fill(bin, -1);
        for (int rank = 0; rank < labelled.size(); rank++) {
            bin[labelled.get(rank)] = rank * bins / labelled.size();
        }
        return bin;
    }
}
