package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static io.sightline.envoy.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.envoy.Proxy;
import io.sightline.graph.GraphException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Parity items 31, 32, 34, 35, 38 and 39: traces, invokes, edits, sessions. */
class TraceParityTest extends Tiny {
    @Test
    void item31WithoutATraceTheRawOutputComesBack() {
        try (Scope scope = Scope.open()) {
            assertSame((Tensor) Objects.requireNonNull(model.forward(x())), second(first(x())));
        }
    }

    @Test
    void item31ATraceWithoutInputsCannotRun() {
        try (Tracer trace = model.trace()) {
            assertThatThrownBy(trace::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Can't execute on no inputs!");
        }
    }

    @Test
    void item31AnInvokeInsideAnInvokeIsRefused() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(x())) {
            assertThatThrownBy(() -> trace.invoke(x()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Can't create an invoker context with one already open!");
        }
    }

    @Test
    void item31AnExceptionInTheBlockRunsNothingAndClosingTwiceIsHarmless() {
        try (Scope scope = Scope.open()) {
            Proxy[] saved = new Proxy[1];
            assertThatThrownBy(() -> {
                        try (Tracer trace = model.trace(x())) {
                            saved[0] = model.get("layer1").output().save();
                            if (trace.block().graph().nodes().size() == 2) {
                                throw new IllegalArgumentException("mine");
                            }
                            trace.run();
                        }
                    })
                    .hasMessage("mine");
            assertThat(saved[0].hasValue()).isFalse();
            Tracer trace = model.trace(x());
            Proxy after = model.output().save();
            trace.run();
            trace.close();
            trace.close();
            assertThat(after.hasValue()).isTrue();
            assertThatThrownBy(trace::run).hasMessage("this context has ended");
        }
    }

    @Test
    void aContextInsideAnotherThatItCannotBeInIsRefused() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(x())) {
            assertThatThrownBy(model::session).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(model::edit).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void item32InvokesAreOneBatchAndEachWritesItsOwnRowsOnly() {
        try (Scope scope = Scope.open()) {
            Proxy one;
            Proxy two;
            Proxy copied;
            try (Tracer trace = model.trace()) {
                Proxy hidden;
                try (Invoker first = trace.invoke(x())) {
                    hidden = model.get("layer1").output();
                    hidden.at(all(), slice(0, 5)).set(0);
                    one = model.output().save();
                }
                try (Invoker second = trace.invoke(twoRows())) {
                    two = model.output().save();
                    copied = hidden.mul(1).save();
                }
                trace.run();
            }
            assertThat(one.tensor().shape()).containsExactly(1, 2);
            assertSame(two.tensor(), second(first(twoRows())));
            assertThat(copied.tensor().toFloatArray()).startsWith(0, 0, 0, 0, 0);
        }
    }

    @Test
    void item34AReplacementOfAnotherBatchSizeIsANamedError() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace()) {
            try (Invoker first = trace.invoke(x())) {
                model.get("layer1").setOutput(trace.apply("torch.zeros", 3, 10));
            }
            try (Invoker second = trace.invoke(x())) {
                model.output().save();
            }
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("layer1.output for invoke 0 has shape [3, 10]");
        }
    }

    @Test
    void item35SettingAnEarlierModuleFromALaterOneIsRefusedBeforeTheRun() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(x())) {
            Proxy last = model.get("layer2").output();
            model.get("layer1").setOutput(last);
            assertThatThrownBy(trace::run).isInstanceOf(GraphException.class).hasMessageContaining("layer1");
        }
    }

    @Test
    void item38AnEditIsInEveryLaterTraceOfTheCopyAndForAllItsInvokes() {
        try (Scope scope = Scope.open()) {
            TracedModule edited;
            try (Editor<TracedModule> edit = model.edit()) {
                model.get("layer1").output().at(all()).set(0);
                edited = edit.keep();
            }
            Proxy one;
            Proxy two;
            try (Tracer trace = edited.trace()) {
                try (Invoker first = trace.invoke(x())) {
                    one = edited.get("layer1").output().save();
                }
                try (Invoker second = trace.invoke(twoRows())) {
                    two = edited.get("layer1").output().save();
                }
                trace.run();
            }
            assertThat(one.tensor().toFloatArray()).containsOnly(0f);
            assertThat(two.tensor().toFloatArray()).containsOnly(0f);
            assertSame((Tensor) Objects.requireNonNull(model.forward(x())), second(first(x())));
            assertSame(
                    (Tensor) Objects.requireNonNull(edited.forward(x())),
                    second(first(x()).mul(0)));
        }
    }

    @Test
    void item38AnEditInPlaceStaysUntilItIsCleared() {
        try (Scope scope = Scope.open()) {
            try (Editor<TracedModule> edit = model.editInPlace()) {
                model.get("layer1").output().at(all()).set(0);
                assertThat(edit.keep()).isSameAs(model);
            }
            assertSame(
                    (Tensor) Objects.requireNonNull(model.forward(x())),
                    second(first(x()).mul(0)));
            model.clearEdits();
            assertSame((Tensor) Objects.requireNonNull(model.forward(x())), second(first(x())));
        }
    }

    @Test
    void item38AnEditThatIsNotKeptChangesNothing() {
        try (Scope scope = Scope.open()) {
            try (Editor<TracedModule> edit = model.editInPlace()) {
                model.get("layer1").output().at(all()).set(0);
            }
            assertSame((Tensor) Objects.requireNonNull(model.forward(x())), second(first(x())));
        }
    }

    @Test
    void item39ASessionBridgesValuesAndLoopsNestAndExit() {
        try (Scope scope = Scope.open()) {
            Proxy list;
            Proxy bridged;
            try (Session session = model.session()) {
                list = session.list().save();
                Proxy hidden;
                try (Tracer one = model.trace(x())) {
                    hidden = model.get("layer1").output();
                    one.run();
                }
                try (Loop outer = session.iter(List.of(1, 2))) {
                    try (Loop inner = outer.iter(List.of(10, 20, 30))) {
                        try (Condition stop = inner.cond(inner.item().eq(30))) {
                            inner.exit();
                        }
                        list.call("append", inner.item().add(outer.item()));
                        inner.run();
                    }
                    outer.run();
                }
                try (Tracer two = model.trace(x())) {
                    model.get("layer1").setOutput(hidden.mul(2));
                    bridged = model.output().save();
                    two.run();
                }
                session.run();
            }
            assertThat(list.value()).isEqualTo(List.of(11L, 21L, 12L, 22L));
            assertSame(bridged.tensor(), second(first(x()).mul(2)));
        }
    }

    @Test
    void item39AValueOfTheSessionCanBeATracesInput() {
        try (Scope scope = Scope.open()) {
            Proxy output;
            try (Session session = model.session()) {
                Proxy zeros = session.apply("torch.zeros", 2, 5);
                try (Tracer trace = model.trace(zeros)) {
                    output = model.output().save();
                    trace.run();
                }
                session.run();
            }
            assertSame(output.tensor(), second(first(twoRows().mul(0))));
        }
    }

    @Test
    void aSavedValueOfOneTraceCanBeUsedInTheNext() {
        try (Scope scope = Scope.open()) {
            Proxy hidden;
            try (Tracer trace = model.trace(x())) {
                hidden = model.get("layer1").output().save();
                trace.run();
            }
            Proxy output;
            try (Tracer trace = model.trace(twoRows())) {
                model.get("layer1").output().at(all()).set(hidden.mul(2));
                output = model.output().save();
                trace.run();
            }
            assertSame(output.tensor().narrow(0, 1, 1), second(first(x()).mul(2)));
        }
    }

    @Test
    void valuesWithoutAScopeBelongToTheModelAndNothingElseStays() {
        long start = Torch.liveTensors();
        try (Tensor input = x()) {
            try (Tracer trace = model.trace(input)) {
                model.get("layer1").output().save();
                trace.run();
            }
            assertThat(Torch.liveTensors()).isEqualTo(start + 2);
            try (Tracer trace = model.trace(input)) {
                model.get("layer1").output().matmul(model.get("layer1").output());
                assertThatThrownBy(trace::run).isInstanceOf(GraphException.class);
            }
            assertThat(Torch.liveTensors()).isEqualTo(start + 2);
        }
    }
}
