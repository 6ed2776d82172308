package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Parity items 11, 12 and 14 to 18: reading and setting places. */
class PlacesParityTest extends Tiny {
    /** Calls its only child twice, and notes how many hooks were on the child. */
    static final class Twice extends Module {
        final Linear inner = child("inner", new Linear(2, 2, Linear.Bias.WITHOUT));
        int hooks;

        @Override
        protected @Nullable Object forward(Args args) {
            hooks = inner.hookCount();
            return inner.call(inner.call(args.tensor()));
        }
    }

    @Test
    void item11TheProxyOfAPlaceIsTheSameUntilItIsSetOrTheCallMovesOn() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(x())) {
            Envoy layer = model.get("layer1");
            Proxy read = layer.output();
            assertThat(layer.output()).isSameAs(read);
            layer.setOutput(read.mul(2));
            Proxy second = layer.output();
            assertThat(second).isNotSameAs(read);
            layer.next();
            assertThat(layer.output()).isNotSameAs(second);
        }
    }

    @Test
    void item11AnotherInvokeReadsItsOwnProxy() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace()) {
            Proxy one;
            try (Invoker first = trace.invoke(x())) {
                one = model.get("layer1").output();
            }
            try (Invoker second = trace.invoke(x())) {
                assertThat(model.get("layer1").output()).isNotSameAs(one);
            }
        }
    }

    @Test
    void item12InputsAreArgumentsAndKeywordsAndInputIsTheFirst() {
        try (Scope scope = Scope.open()) {
            Proxy inputs;
            Proxy input;
            try (Tracer trace = model.trace(x())) {
                inputs = model.get("layer1").inputs().save();
                input = model.get("layer1").input().save();
                trace.run();
            }
            assertThat(inputs.value()).isInstanceOfSatisfying(Tuple.class, tuple -> {
                assertThat(tuple).hasSize(2);
                assertThat(tuple.get(0)).isInstanceOf(Tuple.class);
                assertThat(tuple.get(1)).isEqualTo(Map.of());
            });
            assertSame(input.tensor(), x());
        }
    }

    @Test
    void item12SettingTheInputLeavesTheOtherArgumentsAlone() {
        try (Scope scope = Scope.open()) {
            Proxy output;
            try (Tracer trace = model.trace(x())) {
                Envoy layer = model.get("layer2");
                layer.setInput(layer.input().mul(0));
                output = layer.output().save();
                trace.run();
            }
            assertSame(output.tensor(), second(first(x()).mul(0)));
        }
    }

    @Test
    void item14AfterSettingTheNextReadSeesTheNewValueAndTheModelGoesOnWithIt() {
        try (Scope scope = Scope.open()) {
            Proxy before;
            Proxy after;
            Proxy last;
            try (Tracer trace = model.trace(x())) {
                Envoy layer = model.get("layer1");
                before = layer.output().copy().save();
                layer.setOutput(layer.output().mul(3));
                after = layer.output().save();
                last = model.output().save();
                trace.run();
            }
            assertSame(before.tensor(), first(x()));
            assertSame(after.tensor(), first(x()).mul(3));
            assertSame(last.tensor(), second(first(x()).mul(3)));
        }
    }

    @Test
    void item15NextReadsALaterCallOfTheModule() {
        Twice twice = new Twice();
        try (Scope scope = Scope.open();
                TracedModule traced = TracedModule.over(twice)) {
            twice.inner.weight().bind(Tensor.of(new float[] {2, 0, 0, 3}, 2, 2));
            Proxy firstCall;
            Proxy secondCall;
            try (Tracer trace = traced.trace(Tensor.of(new float[] {1, 1}, 1, 2))) {
                firstCall = traced.get("inner").output().save();
                secondCall = traced.get("inner").next().output().save();
                trace.run();
            }
            assertThat(firstCall.tensor().toFloatArray()).containsExactly(2, 3);
            assertThat(secondCall.tensor().toFloatArray()).containsExactly(4, 9);
        }
    }

    @Test
    void item37OnlyModulesInUseAreHookedAndNoHookStays() {
        Twice twice = new Twice();
        try (Scope scope = Scope.open();
                TracedModule traced = TracedModule.over(twice)) {
            twice.inner.weight().bind(Tensor.of(new float[] {2, 0, 0, 3}, 2, 2));
            try (Tracer trace = traced.trace(Tensor.of(new float[] {1, 1}, 1, 2))) {
                traced.output().save();
                trace.run();
            }
            assertThat(twice.hooks).isZero();
            try (Tracer trace = traced.trace(Tensor.of(new float[] {1, 1}, 1, 2))) {
                traced.get("inner").output().save();
                trace.run();
            }
            assertThat(twice.hooks).isPositive();
            assertThat(twice.inner.hookCount()).isZero();
            assertThat(twice.hookCount()).isZero();
        }
    }

    @Test
    void item16ReadingAPlaceThatWasNeverReachedNamesTheNodeAndThePlace() {
        try (Scope scope = Scope.open()) {
            Proxy never;
            Proxy reached;
            try (Tracer trace = model.trace(x())) {
                reached = model.get("layer1").output().save();
                never = model.get("layer1").next(3).output().save();
                trace.run();
            }
            assertThat(reached.hasValue()).isTrue();
            assertThat(never.hasValue()).isFalse();
            assertThatThrownBy(never::value)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("InterventionProtocol_1")
                    .hasMessageContaining("layer1");
        }
    }

    @Test
    void item16ReadingAValueThatWasNotSavedOrWhoseContextWasNotRunIsAnError() {
        try (Scope scope = Scope.open()) {
            Proxy unsaved;
            Proxy inside;
            try (Tracer trace = model.trace(x())) {
                unsaved = model.get("layer1").output();
                inside = unsaved.mul(2).save();
                assertThatThrownBy(inside::value).hasMessageContaining("after the trace has run");
                trace.run();
            }
            assertThatThrownBy(unsaved::value).hasMessageContaining("was not saved");
            Proxy discarded;
            try (Tracer trace = model.trace(x())) {
                discarded = model.get("layer1").output().save();
            }
            assertThatThrownBy(discarded::value).hasMessageContaining("closed before run()");
        }
    }

    @Test
    void item17AScanKnowsShapesDtypesAndDevicesWithoutWeights() {
        try (LanguageModel language = LanguageModel.openLazily(Fixtures.path("models/gpt2"), LoadOptions.DEFAULT);
                Scan scan = language.scan("After John and Mary went")) {
            Proxy hidden = language.get("transformer.h.1").output().get(0);
            assertThat(hidden.knownShape()).containsExactly(1, 5, 40);
            assertThat(hidden.knownDtype()).isEqualTo(DType.FLOAT32);
            assertThat(hidden.knownDevice()).isEqualTo(Device.CPU);
            assertThat(hidden.get(all(), -1)
                            .unsqueeze(1)
                            .matmul(hidden.transpose(1, 2))
                            .knownShape())
                    .containsExactly(1, 1, 5);
            assertThat(language.get("lm_head").next(7).output().knownShape())
                    .as("a call past the end has the last one's shape")
                    .containsExactly(1, 5, 512);
            assertThat(language.isDispatched()).isFalse();
        }
    }

    @Test
    void item17ShapesAreKnownInsideATraceAndOfValuesAfterIt() {
        try (Scope scope = Scope.open()) {
            Proxy output;
            try (Tracer trace = model.trace(twoRows())) {
                output = model.get("layer1").output().save();
                assertThat(output.knownShape()).containsExactly(2, 10);
                trace.run();
            }
            assertThat(output.knownShape()).containsExactly(2, 10);
        }
    }

    @Test
    void item18OutsideATraceAnEnvoyRunsItsModule() {
        try (Scope scope = Scope.open()) {
            assertSame((Tensor) Objects.requireNonNull(model.get("layer1").run(x())), first(x()));
            assertThatThrownBy(() -> model.get("layer1").call(x())).hasMessageContaining("no trace or invoke is open");
        }
    }

    @Test
    void item18InsideATraceAModuleIsAppliedWithoutItsHooksUnlessAskedFor() {
        try (Scope scope = Scope.open()) {
            Proxy applied;
            Proxy unhooked;
            Proxy hooked;
            try (Tracer trace = model.trace(x())) {
                Envoy last = model.get("layer2");
                Proxy doubled = model.get("layer1").output().mul(2);
                applied = last.call(doubled).save();
                unhooked = last.output().save();
                trace.run();
            }
            assertSame(applied.tensor(), second(first(x()).mul(2)));
            assertSame(unhooked.tensor(), second(first(x())));
            try (Tracer trace = model.trace(x())) {
                Envoy last = model.get("layer2");
                last.callWithHooks(model.get("layer1").output().mul(2));
                hooked = last.output().save();
                trace.run();
            }
            assertSame(hooked.tensor(), second(first(x()).mul(2)));
        }
    }

    @Test
    void item36PlacesMayBeUsedInAnyOrder() {
        try (Scope scope = Scope.open()) {
            Proxy last;
            Proxy early;
            try (Tracer trace = model.trace(x())) {
                last = model.output().save();
                early = model.get("layer1").output().save();
                model.get("layer1").input().at(all()).set(0);
                trace.run();
            }
            assertSame(early.tensor(), first(x().mul(0)));
            assertSame(last.tensor(), second(first(x().mul(0))));
        }
    }

    @Test
    void item37SeveralNodesOnOnePlaceRunInTheOrderOfTheirMaking() {
        try (Scope scope = Scope.open()) {
            Proxy last;
            try (Tracer trace = model.trace(x())) {
                Envoy layer = model.get("layer1");
                layer.setOutput(layer.output().add(1));
                layer.setOutput(layer.output().mul(10));
                last = layer.output().save();
                trace.run();
            }
            assertSame(last.tensor(), first(x()).add(Tensor.scalar(1)).mul(10));
        }
    }
}
