package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static io.sightline.envoy.Index.ellipsis;
import static io.sightline.envoy.Index.newAxis;
import static io.sightline.envoy.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.envoy.Functions;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.graph.GraphException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Parity items 20 to 25 and 27 to 30: what proxies do. */
class ProxyParityTest extends Tiny {
    private interface Body {
        Proxy of(Proxy hidden);
    }

    /** The value that {@code body} makes of the tensor {@code [4, -3]}. */
    private Object on43(Body body) {
        Proxy result;
        try (Tracer trace = model.trace(x())) {
            result = body.of(trace.apply("torch.tensor", List.of(4.0, -3.0))).save();
            trace.run();
        }
        Object value = result.value();
        return value instanceof Tensor tensor ? tensor.toDoubleArray() : String.valueOf(value);
    }

    @Test
    void item20OperatorsAndTheirReflectedFormsAreTorchs() {
        Map<Body, double[]> expected = new LinkedHashMap<>();
        expected.put(p -> p.add(1), new double[] {5, -2});
        expected.put(p -> p.sub(1), new double[] {3, -4});
        expected.put(p -> p.rsub(1), new double[] {-3, 4});
        expected.put(p -> p.mul(2).radd(1), new double[] {9, -5});
        expected.put(p -> p.div(2), new double[] {2, -1.5});
        expected.put(p -> p.rdiv(12), new double[] {3, -4});
        expected.put(p -> p.floorDiv(2), new double[] {2, -2});
        expected.put(p -> p.mod(2), new double[] {0, 1});
        expected.put(p -> p.pow(2), new double[] {16, 9});
        expected.put(p -> p.rpow(2), new double[] {16, 0.125});
        expected.put(Proxy::neg, new double[] {-4, 3});
        expected.put(Proxy::abs, new double[] {4, 3});
        expected.put(p -> p.gt(0), new double[] {1, 0});
        expected.put(p -> p.le(-3), new double[] {0, 1});
        expected.put(p -> p.eq(4).or(p.eq(-3)), new double[] {1, 1});
        expected.put(p -> p.ne(4).and(p.ne(0)).xor(p.lt(0)), new double[] {0, 0});
        expected.put(p -> p.ge(0).invert(), new double[] {0, 1});
        expected.put(p -> p.matmul(p), new double[] {25});
        try (Scope scope = Scope.open()) {
            expected.forEach((body, values) -> assertThat((double[]) on43(body)).containsExactly(values));
        }
    }

    @Test
    void item20ItemsSlicesAttributesCallsAndLength() {
        try (Scope scope = Scope.open()) {
            assertThat(on43(p -> p.get(slice(null, null, 1)).get(-1))).isEqualTo(new double[] {-3});
            assertThat(on43(p -> p.get(ellipsis(), newAxis()).shape().get(1))).isEqualTo("1");
            assertThat(on43(p -> p.get(newAxis(), all()).attr("ndim"))).isEqualTo("2");
            assertThat(on43(p -> p.get(List.of(1, 0)))).isEqualTo(new double[] {-3, 4});
            assertThat(on43(p -> p.get(p.gt(0)))).isEqualTo(new double[] {4});
            assertThat(on43(p -> p.at(0).set(7))).isEqualTo(new double[] {7, -3});
            assertThat(on43(p -> p.call("clamp", Keywords.of("min", 0)))).isEqualTo(new double[] {4, 0});
            assertThat(on43(Proxy::length)).isEqualTo("2");
        }
    }

    @Test
    void item21TorchFunctionsCreationEinopsAndBuiltinsAreCalledByTheirPythonNames() {
        try (Scope scope = Scope.open()) {
            assertThat(on43(p -> Functions.where(p.gt(0), p, 0.0))).isEqualTo(new double[] {4, 0});
            assertThat(on43(p -> Functions.cat(List.of(p, p), 0).sum())).isEqualTo(new double[] {2});
            assertThat(on43(p -> Functions.call("einops.repeat", p, "d -> (d k)", Keywords.of("k", 2))))
                    .isEqualTo(new double[] {4, 4, -3, -3});
            assertThat(on43(p -> Functions.call("torch.nn.functional.relu", p))).isEqualTo(new double[] {4, 0});
            assertThat(on43(p -> Functions.call("float", p.get(0)))).isEqualTo("4.0");
            assertThat(on43(p -> Functions.call("int", p.get(1)))).isEqualTo("-3");
        }
    }

    @Test
    void item21BuiltinsMakePythonsContainers() {
        try (Scope scope = Scope.open()) {
            Proxy list;
            Proxy tuple;
            Proxy dict;
            Proxy set;
            Proxy text;
            Proxy bool;
            try (Tracer trace = model.trace(x())) {
                list = trace.list(List.of(1, 2)).save();
                list.call("append", trace.asInt("3"));
                tuple = trace.tuple(List.of(1, "a")).save();
                dict = trace.dict(Map.of("a", 1.5)).save();
                set = trace.set(List.of(2, 2)).save();
                text = trace.asString(12).save();
                bool = trace.asBool(0).save();
                trace.run();
            }
            assertThat(list.value()).isEqualTo(List.of(1L, 2L, 3L));
            assertThat(tuple.value()).isEqualTo(Tuple.of(1L, "a"));
            assertThat(dict.value()).isEqualTo(Map.of("a", 1.5));
            assertThat(set.value()).isEqualTo(Set.of(2L));
            assertThat(text.value()).isEqualTo("12");
            assertThat(bool.value()).isEqualTo(false);
        }
    }

    @Test
    void item21AFunctionThatIsNotOnTheListIsRefusedByNameBeforeAnythingRuns() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(x())) {
            trace.apply("os.system", "true");
            assertThatThrownBy(trace::run).isInstanceOf(GraphException.class).hasMessageContaining("os.system");
        }
    }

    @Test
    void item22ASavedValueShowsLaterEditsInPlaceAndACopyDoesNot() {
        try (Scope scope = Scope.open()) {
            Proxy saved;
            Proxy copied;
            try (Tracer trace = model.trace(x())) {
                saved = model.get("layer1").output().save();
                copied = saved.copy().save();
                saved.at(all(), 0).set(7);
                trace.run();
            }
            assertThat(saved.tensor().toFloatArray()[0]).isEqualTo(7);
            assertSame(copied.tensor(), first(x()));
        }
    }

    @Test
    void item25AnErrorNamesTheNodeAndTheModelWorksAfterwards() {
        try (Scope scope = Scope.open()) {
            try (Tracer trace = model.trace(x())) {
                Proxy hidden = model.get("layer1").output();
                Proxy wrong = hidden.matmul(hidden).save();
                assertThatThrownBy(trace::run)
                        .isInstanceOf(GraphException.class)
                        .hasMessageContaining("matmul_0");
                assertThatThrownBy(wrong::value).hasMessage("'matmul_0' has no value: its run failed");
            }
            assertThat(model.module().hookCount()).isZero();
            assertThat(model.get("layer1").module().hookCount()).isZero();
            assertSame((Tensor) Objects.requireNonNull(model.forward(x())), second(first(x())));
        }
    }

    @Test
    void item27StopEndsTheForwardPassKeepingEarlierSaves() {
        try (Scope scope = Scope.open()) {
            Proxy early;
            Proxy late;
            try (Tracer trace = model.trace(x())) {
                early = model.get("layer1").output().save();
                late = model.get("layer2").output().save();
                model.get("layer1").output().stop();
                trace.run();
            }
            assertSame(early.tensor(), first(x()));
            assertThat(late.hasValue()).isFalse();
            assertThatThrownBy(late::value).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void item28ConditionsChooseWhatRunsAndNothingLeaksOutside() {
        try (Scope scope = Scope.open()) {
            Proxy yes;
            Proxy no;
            Proxy nested;
            Proxy after;
            try (Tracer trace = model.trace(x())) {
                Proxy hidden = model.get("layer1").output();
                try (Condition positive = trace.cond(hidden.abs().sum().gt(0))) {
                    hidden.at(all()).set(1);
                    yes = hidden.mul(2).save();
                    try (Condition inner = trace.cond(false)) {
                        nested = hidden.mul(3).save();
                    }
                }
                try (Condition never = trace.cond(hidden.sum().lt(0))) {
                    hidden.at(all()).set(9);
                    no = hidden.mul(4).save();
                }
                after = hidden.sum().save();
                trace.run();
            }
            assertThat(yes.tensor().toFloatArray()).containsOnly(2f);
            assertThat(no.hasValue()).isFalse();
            assertThat(nested.hasValue()).isFalse();
            assertThat(after.tensor().item()).isEqualTo(10.0);
        }
    }

    @Test
    void item29UpdateApplyAndLog() {
        try (Scope scope = Scope.open()) {
            Proxy total;
            try (Session session = model.session()) {
                total = session.apply("int", 0).save();
                try (Loop loop = session.iter(List.of(1, 2, 3))) {
                    total.update(total.add(loop.item()));
                    loop.run();
                }
                session.log("total", total);
                session.run();
            }
            assertThat(total.value()).isEqualTo(6L);
        }
    }

    @Test
    void item30GradientsAreReadSetAndTakenInSeveralPasses() {
        try (Scope scope = Scope.open()) {
            Proxy one;
            Proxy two;
            Proxy set;
            try (Tracer trace = model.trace(x())) {
                Proxy hidden = model.get("layer1").output();
                Proxy output = model.output();
                one = hidden.grad().copy().save();
                output.sum().backwardRetainingGraph();
                two = hidden.grad().copy().save();
                hidden.setGrad(hidden.grad().mul(0));
                set = hidden.grad().save();
                output.sum().mul(3).backward();
                trace.run();
            }
            assertSame(two.tensor(), one.tensor().mul(3));
            assertThat(one.tensor().toFloatArray()).isNotEqualTo(new float[10]);
            assertSame(set.tensor(), one.tensor().mul(0));
        }
    }

    @Test
    void item30AGradientAskedForAfterTheOnlyBackwardIsANamedError() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace(x())) {
            Proxy hidden = model.get("layer1").output();
            model.output().sum().backward();
            hidden.grad().save();
            assertThatThrownBy(trace::run).isInstanceOf(GraphException.class).hasMessageContaining("GradProtocol_0");
        }
    }
}
