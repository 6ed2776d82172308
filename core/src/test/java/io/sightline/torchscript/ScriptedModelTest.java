package io.sightline.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.engine.Tuple;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Args;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import io.sightline.trace.TracedModule;
import io.sightline.trace.Tracer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives made by torch 2.13 and what it computed on them: torchscript/make.py wrote both. */
class ScriptedModelTest {
    private static final Path FOLDER = Fixtures.repositoryPath("core/src/test/resources/torchscript");
    private static final SafetensorsFile REFERENCE = SafetensorsFile.open(FOLDER.resolve("reference.safetensors"));

    private final long before = Torch.liveTensors();

    @AfterEach
    void nothingIsLeftAlive() {
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private static ScriptedModel open(String name) {
        return ScriptedModel.open(FOLDER.resolve(name + ".pt"), Device.CPU);
    }

    private static Args inputs(String name) {
        return Args.of(REFERENCE.tensor(name + "/in/0"), REFERENCE.tensor(name + "/in/1"));
    }

    private static Tensor first(Object value) {
        return value instanceof List<?> items ? first(items.get(0)) : (Tensor) value;
    }

    private static void assertEqual(Tensor actual, String name) {
        Tensor expected = REFERENCE.tensor(name);
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        assertThat(actual.toFloatArray()).as(name).containsExactly(expected.toFloatArray(), Offset.offset(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripted", "traced", "frozen", "named"})
    void theTreeIsPrintedAsTorchPrintsTheLoadedModule(String name) throws IOException {
        try (ScriptedModel model = open(name)) {
            assertThat(model.module().toString())
                    .isEqualTo(new ObjectMapper()
                            .readTree(FOLDER.resolve("reprs.json").toFile())
                            .get(name)
                            .asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripted", "traced", "frozen"})
    void theForwardGivesWhatTorchGives(String name) {
        String reference = name.equals("frozen") ? "scripted" : name;
        try (ScriptedModel model = open(name);
                Scope scope = Scope.open()) {
            Object output = model.module().call(inputs(reference));
            assertEqual(first(output), reference + "/out/0");
            if (output instanceof Tuple tuple) {
                assertEqual((Tensor) tuple.get(1), "scripted/out/1");
                assertThat(tuple.get(2)).isEqualTo(Map.of("blocks", 2L, "width", 8L));
                assertEqual((Tensor) tuple.get(3), "scripted/out/3");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripted", "traced"})
    void inputsAndOutputsOfEverySubmoduleAreSeen(String name) {
        try (ScriptedModel model = open(name);
                Scope scope = Scope.open()) {
            Map<String, Tensor> seen = new LinkedHashMap<>();
            List<HookHandle> hooks = new ArrayList<>();
            model.module()
                    .namedModules()
                    .forEach((path, module) -> hooks.add(module.registerForwardHook((m, a, out) -> {
                        put(seen, path + "/input", first(a.positional().get(0)));
                        put(seen, path + "/output", first(out));
                        return out;
                    })));
            model.module().call(inputs(name));
            hooks.forEach(HookHandle::close);
            List<String> expected = REFERENCE.entries().keySet().stream()
                    .filter(n -> n.matches(name + "/[a-z].*/(input|output)"))
                    .toList();
            assertThat(expected).hasSizeGreaterThan(30);
            for (String reference : expected) {
                Tensor actual = seen.get(reference.substring(name.length() + 1));
                assertThat(actual).as(reference).isNotNull();
                assertEqual(actual, reference);
            }
            seen.values().forEach(Tensor::close);
        }
    }

    private static void put(Map<String, Tensor> seen, String name, Tensor value) {
        Tensor earlier = seen.put(name, value.copy().release());
        if (earlier != null) {
            earlier.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripted", "traced"})
    void anOutputThatIsReplacedGoesOn(String name) {
        try (ScriptedModel model = open(name)) {
            model.module().namedModules().forEach((path, module) -> {
                if (REFERENCE.entries().keySet().contains(name + "/doubled/" + path)) {
                    doubled(model.module(), module, name, path);
                }
            });
        }
    }

    private static void doubled(Module root, Module module, String name, String path) {
        try (Scope scope = Scope.open();
                HookHandle hook = module.registerForwardHook((m, a, out) -> out instanceof Tuple tuple
                        ? tuple.with(0, ((Tensor) tuple.get(0)).mul(2))
                        : ((Tensor) out).mul(2))) {
            assertEqual(first(root.call(inputs(name))), name + "/doubled/" + path);
        }
    }

    @Test
    void aReplacedInputGoesOn() {
        try (ScriptedModel model = open("traced");
                Scope scope = Scope.open()) {
            Module head = model.module().namedModules().get("head");
            Tensor given = Tensor.zeros(DType.FLOAT32, Device.CPU, 2, 2, 8);
            Tensor expected = head.call(given);
            try (HookHandle hook = head.registerForwardPreHook((m, args) -> Args.of(given))) {
                assertThat(first(model.module().call(inputs("traced"))).toFloatArray())
                        .containsExactly(expected.toFloatArray());
            }
        }
    }

    @Test
    void aModuleCalledTwiceRunsItsHooksTwice() {
        try (ScriptedModel model = open("traced");
                Scope scope = Scope.open()) {
            List<String> calls = new ArrayList<>();
            try (HookHandle hook = model.module().namedModules().get("twice").registerForwardPreHook((m, args) -> {
                calls.add("twice");
                return null;
            })) {
                model.module().call(inputs("traced"));
            }
            assertThat(calls).hasSize(2);
        }
    }

    @Test
    void weightsAndBuffersAreReachedByName() {
        try (ScriptedModel model = open("scripted")) {
            assertThat(model.module().namedParameters().keySet())
                    .contains("emb.weight", "blocks.1.off", "blocks.0.mlp.fc.bias", "head.2.weight")
                    .doesNotContain("head.0.bias");
            assertThat(model.module().namedParameters().get("head.2.weight").shape())
                    .containsExactly(3, 8);
        }
    }

    @Test
    void anExceptionOfTheModelIsPassedOn() {
        try (ScriptedModel model = open("scripted");
                Scope scope = Scope.open();
                HookHandle hook = model.module().namedModules().get("blocks.0").registerForwardHook((m, a, out) -> {
                    Tuple tuple = (Tuple) out;
                    return tuple.with(1, ((Tensor) tuple.get(1)).mul(0).add(Tensor.scalar(1e9)));
                })) {
            assertThatThrownBy(() -> model.module().call(inputs("scripted")))
                    .hasMessageContaining("the model raised: too much after 2 blocks");
        }
    }

    @Test
    void aPretrainedModelOpensItToo() {
        Path file = FOLDER.resolve("traced.pt");
        try (PretrainedModel model = PretrainedModel.open(file, new LoadOptions("auto", "cpu", "auto"));
                Scope scope = Scope.open()) {
            assertEqual(first(model.module().call(inputs("traced"))), "traced/out/0");
            assertThat(model.parameterCount()).isGreaterThan(1000);
        }
        try (PretrainedModel shapes = PretrainedModel.shapesOnly(file, LoadOptions.DEFAULT)) {
            Tensor weight =
                    shapes.module().namedParameters().get("head.2.weight").tensor();
            assertThat(weight.device()).isEqualTo(Device.META);
            assertThat(weight.shape()).containsExactly(3, 8);
        }
        assertThatThrownBy(() -> PretrainedModel.open(file, new LoadOptions("bfloat16", "cpu", "auto")))
                .hasMessageContaining("leave both at auto");
    }

    @Test
    void namedTuplesListsAndTextsAreValues() {
        try (ScriptedModel model = open("named");
                Scope scope = Scope.open()) {
            Tensor x = REFERENCE.tensor("named/in/0");
            Tuple output = (Tuple) model.module().call(Args.of(x));
            assertEqual((Tensor) output.get(0), "named/out/0");
            assertThat(output.get(1)).isEqualTo(List.of(0L, 1L, 4L));
            assertThat(((Tensor) output.get(2)).shape()).containsExactly(2, 2);
            assertThat(output.get(3)).isEqualTo(1L);
            assertThat(output.get(4)).isEqualTo("n=3");
        }
    }

    @Test
    void aGraphReadsAndReplacesItsPlaces() {
        Path file = FOLDER.resolve("traced.pt");
        try (Scope scope = Scope.open();
                TracedModule model = TracedModule.open(file, new LoadOptions("auto", "cpu", "auto"))) {
            Proxy ln;
            Proxy result;
            Args args = inputs("traced");
            try (Tracer trace = model.trace(args.tensor(0, "ids"), args.tensor(1, "mask"))) {
                ln = model.get("blocks.1.ln").input().save();
                model.get("blocks.1").setOutput(model.get("blocks.1").output().mul(2));
                result = model.get("").output().save();
                trace.run();
            }
            assertEqual(ln.tensor(), "traced/blocks.1.ln/input");
            assertEqual(result.tensor(), "traced/doubled/blocks.1");
        }
    }
}
