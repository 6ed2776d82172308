package io.sightline.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.graph.GraphBuilder;
import io.sightline.graph.Place;
import io.sightline.nn.Linear;
import io.sightline.nn.ModuleList;
import io.sightline.nn.Parameter;
import io.sightline.nn.WrapperModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EnvoyTest {
    private final List<String> warnings = new ArrayList<>();
    private final Recorder recorder = new Recorder();
    private final Envoy tree = Envoy.over(new Nets.Layers(), recorder, warnings::add);

    @Test
    void item1PathsAreNnsightsAndAreReadWithOrWithoutTheLeadingDot() {
        assertThat(tree.path()).isEmpty();
        assertThat(tree.get("layers.1").path()).isEqualTo(".layers.1");
        assertThat(tree.get(".layers.1")).isSameAs(tree.get("layers.1"));
        assertThat(tree.get("")).isSameAs(tree);
        assertThat(Place.output("layers.1").key()).isEqualTo(".layers.1.output");
        assertThat(Place.parse("layers.1.output")).isEqualTo(Place.parse(".layers.1.output"));
    }

    @Test
    void item1AnUnknownModuleIsAnErrorThatNamesWhatIsThereAndTheNearestName() {
        assertThatThrownBy(() -> tree.get("layers.12"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no module 'layers.12': 'layers' has 0 to 3; did you mean 'layers.3'?");
        assertThatThrownBy(() -> tree.get("layer.1"))
                .hasMessage("no module 'layer.1': the model has embed, layers, one, two; did you mean 'layers'?");
        assertThatThrownBy(() -> tree.get("embed.0")).hasMessage("no module 'embed.0': 'embed' has no modules inside");
    }

    @Test
    void item2ChildrenAreInTheModulesOrder() {
        assertThat(tree.childNames()).containsExactly("embed", "layers", "one", "two");
    }

    @Test
    void item3ModulesAreGivenDepthFirstAndAFilterStillLooksBelowWhatItRejects() {
        assertThat(tree.namedModules().keySet())
                .startsWith("", ".embed", ".layers", ".layers.0", ".layers.1")
                .endsWith(".two.output", ".two.path");
        assertThat(tree.modules().get(0)).isSameAs(tree);
        assertThat(tree.namedModules(envoy -> envoy.module() instanceof Linear).keySet())
                .containsExactly(
                        ".embed", ".layers.0", ".layers.1", ".layers.2", ".layers.3", ".one.output", ".two.output");
    }

    @Test
    void item4ReprIsTorchsAndCollapsesEqualNeighboursOnly() {
        assertThat(tree.get("layers").toString()).isEqualTo("""
                ModuleList(
                  (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)
                  (2): Linear(in_features=2, out_features=4, bias=True)
                  (3): Linear(in_features=2, out_features=2, bias=True)
                )""");
    }

    @Test
    void item5AModuleListHasLengthIndexSliceAndIteration() {
        Envoy layers = tree.get("layers");
        assertThat(layers.size()).isEqualTo(4);
        assertThat(layers.get(1).path()).isEqualTo(".layers.1");
        assertThat(layers.get(-1).path()).isEqualTo(".layers.3");
        assertThat(tree.get("layers.-2")).isSameAs(layers.get(2));
        assertThat(layers.get(Index.slice(-2, null))).containsExactly(layers.get(2), layers.get(3));
        assertThat(layers.get(Index.slice(null, null, -2))).containsExactly(layers.get(3), layers.get(1));
        assertThat(layers).hasSize(4).first().isSameAs(layers.get(0));
    }

    @Test
    void item5TheLengthOfAnotherModuleAndAnIndexTooHighAreErrors() {
        assertThatThrownBy(() -> tree.get("embed").size())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a Linear has no length");
        assertThatThrownBy(() -> tree.get("layers").get(4))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("no module 4 in 'layers', which has 4");
    }

    @Test
    void item6WhatAnEnvoyLacksIsTheModules() {
        assertThat(tree.get("embed").module(Linear.class).weight().shape()).containsExactly(2, 3);
        assertThat(tree.get("embed").parameters()).containsOnlyKeys("weight");
        assertThatThrownBy(() -> tree.get("embed").module(ModuleList.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'embed' is a Linear, not a ModuleList");
    }

    @Test
    void item7AMountedModuleIsInTheTreeAndOnTheModule() {
        Envoy mounted = tree.get("embed").set("attachment", new WrapperModule());
        assertThat(mounted.path()).isEqualTo(".embed.attachment");
        assertThat(tree.get("embed.attachment")).isSameAs(mounted);
        assertThat(tree.get("embed").module().namedChildren()).containsKey("attachment");
        assertThat(tree.toString()).contains("(attachment): WrapperModule()");
        try (Scope scope = Scope.open()) {
            Tensor given = Tensor.scalar(3);
            assertThat(mounted.run(given))
                    .isInstanceOfSatisfying(
                            Tensor.class, back -> assertThat(back.item()).isEqualTo(3.0));
        }
    }

    @Test
    void item8AChildNamedLikeAnEnvoysOwnMemberWarnsOnceAndKeepsItsName() {
        assertThat(warnings).singleElement().asString().contains("Clashing", "'output'", "nns_output");
        assertThat(tree.get("one.output").module()).isInstanceOf(Linear.class);
        assertThat(tree.get("one.path").path()).isEqualTo(".one.path");
        assertThat(tree.toString()).contains("(output): Linear(");
    }

    @Test
    void item8TheValuesOfAModuleWithAClashingChildAreReadAndSet() {
        RecordedRun run = begin();
        Envoy one = tree.get("one");
        Proxy own = one.output();
        one.setOutput(own.mul(2));
        assertThat(one.output()).isNotSameAs(own);
        assertThat(tree.get("one.output").output()).isNotSameAs(one.output());
        assertThat(run.recording().current().build().nodes())
                .extracting(node -> node.name() + " " + node.operation())
                .anyMatch(line -> line.contains("place=one.output,"))
                .anyMatch(line -> line.contains("place=one.output.output,"))
                .anyMatch(line -> line.startsWith("SwapProtocol_0"));
    }

    @Test
    void item9AnotherModelIsPutBehindTheTreeByPositionAndMountedModulesMoveOver() {
        tree.get("one").set("probe", new WrapperModule());
        Nets.Layers other = new Nets.Layers();
        Envoy layer = tree.get("layers.2");
        tree.update(other);
        assertThat(tree.module()).isSameAs(other);
        assertThat(layer.module()).isSameAs(other.namedModules().get("layers.2"));
        assertThat(other.namedModules()).containsKey("one.probe");
    }

    @Test
    void item10MovingToADeviceGivesTheEnvoyBack() {
        long before = Torch.liveTensors();
        Linear linear = new Linear(2, 2, Linear.Bias.WITHOUT);
        Envoy envoy = Envoy.over(linear, recorder);
        linear.weight().bind(Tensor.zeros(DType.FLOAT32, Device.CPU, 2, 2));
        assertThat(envoy.to(Device.CPU)).isSameAs(envoy);
        assertThat(envoy.to(Device.META)).isSameAs(envoy);
        Parameter weight = Objects.requireNonNull(envoy.parameters().get("weight"));
        assertThat(weight.tensor().device()).isEqualTo(Device.META);
        recorder.free();
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void item13AModuleListHasTheValuesOfItsModules() {
        begin();
        Envoy layers = tree.get("layers");
        assertThat(layers.childOutputs())
                .hasSize(4)
                .first()
                .isSameAs(layers.get(0).output());
        assertThat(layers.childInputs()).hasSize(4);
        assertThatThrownBy(layers::output)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("childOutputs()");
    }

    @Test
    void readingAPlaceOutsideATraceSaysHowToOpenOne() {
        assertThatThrownBy(() -> tree.get("embed").output())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no trace or invoke is open");
    }

    private RecordedRun begin() {
        RecordedRun run = new RecordedRun();
        recorder.begin(run);
        run.recording().open(GraphBuilder.dataDriven());
        recorder.enter(new Recorder.TraceScope(0, 0, false));
        return run;
    }
}
