package io.sightline.torchscript;

import io.sightline.python.Python;
import io.sightline.python.PythonConversions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of TorchScript source, which knows how to run. */
sealed interface Statement {
    /** Runs; afterwards the frame says whether it returned. */
    void run(Frame frame);

    static void runAll(List<Statement> statements, Frame frame) {
        for (Statement statement : statements) {
            statement.run(frame);
            if (frame.hasReturned()) {
                return;
            }
        }
    }

    /** {@code a = x}, and {@code a, b, = x} where {@code unpacks}. */
    record Assign(List<String> names, boolean unpacks, Expression value) implements Statement {
        @Override
        public void run(Frame frame) {
            Object result = value.evaluate(frame);
            if (!unpacks) {
                frame.set(names.get(0), result);
                return;
            }
            if (!(result instanceof List<?> items) || items.size() != names.size()) {
                throw new IllegalArgumentException("the code takes " + String.join(", ", names)
                        + " out of a value of another structure: " + result);
            }
            for (int i = 0; i < names.size(); i++) {
                frame.set(names.get(i), items.get(i));
            }
        }
    }

    record Do(Expression expression) implements Statement {
        @Override
        public void run(Frame frame) {
            expression.evaluate(frame);
        }
    }

    record Return(@Nullable Expression value) implements Statement {
        @Override
        public void run(Frame frame) {
            frame.returns(value == null ? null : value.evaluate(frame));
        }
    }

    record Pass() implements Statement {
        @Override
        public void run(Frame frame) {
            // Nothing to do.
        }
    }

    record If(Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {
        @Override
        public void run(Frame frame) {
            runAll(Python.truth(condition.evaluate(frame)) ? then : otherwise, frame);
        }
    }

    record While(Expression condition, List<Statement> body) implements Statement {
        @Override
        public void run(Frame frame) {
            while (!frame.hasReturned() && Python.truth(condition.evaluate(frame))) {
                runAll(body, frame);
            }
        }
    }

    /** {@code for i in range(n):}, the only form that archives have. */
    record For(String name, Expression count, List<Statement> body) implements Statement {
        @Override
        public void run(Frame frame) {
            long end = PythonConversions.toInt(count.evaluate(frame));
            for (long i = 0; i < end && !frame.hasReturned(); i++) {
                frame.set(name, i);
                runAll(body, frame);
            }
        }
    }
}
