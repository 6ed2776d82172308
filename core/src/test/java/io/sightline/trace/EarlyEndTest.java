package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("a trace of a language model computes no further than it reads")
class EarlyEndTest {
    private static final List<Long> IDS = List.of(5L, 60L, 300L, 41L, 7L, 8L);

    static Stream<String> models() throws IOException {
        try (Stream<Path> directories = Files.list(Fixtures.path("models"))) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    /** What stands last in the tree, the head, gets weights that are closed already: computing with it fails. */
    private static void breakHead(Module root) {
        Module last = root.namedModules().values().stream()
                .filter(module -> module.parameters().values().stream().anyMatch(p -> p != null && p.isBound()))
                .reduce((first, second) -> second)
                .orElseThrow();
        for (Parameter parameter : last.parameters().values()) {
            if (parameter != null) {
                Tensor closed = parameter.tensor().share();
                parameter.bind(closed);
                closed.close();
            }
        }
    }

    private static String firstLayer(LanguageModel model) {
        return model.module().namedModules().keySet().stream()
                .filter(path -> path.matches(".*\\.(h|layers?)\\.0"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("models")
    void theHeadIsComputedOnlyWhereItIsRead(String name) {
        long before = Torch.liveTensors();
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/" + name));
                Scope scope = Scope.open()) {
            breakHead(model.module());
            Proxy first;
            try (Tracer trace = model.trace(IDS)) {
                first = model.get(firstLayer(model)).output().save();
                trace.run();
            }
            assertThat(first.value()).isNotNull();
            assertThatThrownBy(() -> model.forward(IDS)).isInstanceOf(RuntimeException.class);
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("models")
    @DisplayName("no family calls a module twice in a pass, so that a place is done once it was reached")
    void everyModuleIsCalledAtMostOnce(String name) {
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/" + name));
                Scope scope = Scope.open()) {
            Map<String, Integer> calls = new HashMap<>();
            List<HookHandle> hooks = new ArrayList<>();
            model.module()
                    .namedModules()
                    .forEach((path, module) -> hooks.add(module.registerForwardHook((m, args, output) -> {
                        calls.merge(path, 1, Integer::sum);
                        return output;
                    })));
            model.forward(IDS);
            hooks.forEach(HookHandle::close);
            assertThat(calls).hasSizeGreaterThan(5);
            assertThat(calls.values()).containsOnly(1);
        }
    }

    @Test
    @DisplayName("a cache that the trace asks for is filled to the last layer")
    void aCacheIsFilled() {
        try (LanguageModel model = LanguageModel.open(Fixtures.path("models/llama"));
                Scope scope = Scope.open()) {
            breakHead(model.module());
            assertThatThrownBy(() -> {
                        try (Tracer trace = model.trace(IDS, Keywords.of("use_cache", true))) {
                            model.get("model.layers.0").output().save();
                            trace.run();
                        }
                    })
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
