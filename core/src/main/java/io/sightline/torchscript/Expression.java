package io.sightline.torchscript;

import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of TorchScript source, which knows how to be evaluated. */
sealed interface Expression {
    @Nullable
    Object evaluate(Frame frame);

    /** A local name. */
    record Name(String name) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return frame.get(name);
        }
    }

    /** A dotted name that starts with {@code torch}, {@code ops}, {@code __torch__} or {@code CONSTANTS}. */
    record Global(String path) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return frame.program().global(path);
        }
    }

    /** A number, text, bool or None. */
    record Literal(@Nullable Object value) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return value;
        }
    }

    record Attribute(Expression target, String name) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return AttributeAccess.get(target.evaluate(frame), name);
        }
    }

    record Call(Expression function, List<Expression> arguments, Map<String, Expression> keywords)
            implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            if (function instanceof Attribute method) {
                Object target = method.target().evaluate(frame);
                return AttributeAccess.callMethod(target, method.name(), values(frame), keywordValues(frame));
            }
            Object callee = function.evaluate(frame);
            if (callee instanceof Callable callable) {
                return callable.call(values(frame), keywordValues(frame));
            }
            throw new UnsupportedOperationException("the code calls " + callee + ", which is not a function");
        }

        private List<@Nullable Object> values(Frame frame) {
            List<@Nullable Object> values = new ArrayList<>(arguments.size());
            for (Expression argument : arguments) {
                values.add(argument.evaluate(frame));
            }
            return values;
        }

        private Map<String, @Nullable Object> keywordValues(Frame frame) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            keywords.forEach((name, value) -> values.put(name, value.evaluate(frame)));
            return values;
        }
    }

    /** {@code annotate(T, x)} and its like, which change nothing at run time. */
    record Typed(Expression value) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return value.evaluate(frame);
        }
    }

    record Index(Expression target, Expression index) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return Containers.item(target.evaluate(frame), index.evaluate(frame));
        }
    }

    record Section(
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return Containers.slice(
                    target.evaluate(frame),
                    start == null ? null : start.evaluate(frame),
                    stop == null ? null : stop.evaluate(frame),
                    1L);
        }
    }

    record TupleOf(List<Expression> items) implements Expression {
        @Override
        public Tuple evaluate(Frame frame) {
            @Nullable Object[] values = new @Nullable Object[items.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = items.get(i).evaluate(frame);
            }
            return Tuple.of(values);
        }
    }

    record ListOf(List<Expression> items) implements Expression {
        @Override
        public List<@Nullable Object> evaluate(Frame frame) {
            List<@Nullable Object> values = new ArrayList<>(items.size());
            for (Expression item : items) {
                values.add(item.evaluate(frame));
            }
            return values;
        }
    }

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Map<Object, @Nullable Object> evaluate(Frame frame) {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                map.put(
                        Containers.key(keys.get(i).evaluate(frame)),
                        values.get(i).evaluate(frame));
            }
            return map;
        }
    }

    record Negative(Expression value) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return TorchOperations.call("neg", List.of(Frame.some(value.evaluate(frame))), Map.of());
        }
    }

    record Not(Expression value) implements Expression {
        @Override
        public @Nullable Object evaluate(Frame frame) {
            return !Python.truth(value.evaluate(frame));
        }
    }
}
