package io.sightline;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which room may use which. A new edge is a design decision: add it here, and say why in docs/ARCHITECTURE.md. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sightline");

    /** Every room with the rooms it may use; {@code family.*} stands for each architecture's own. */
    private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

    static {
        ALLOWED.put("spelling", List.of());
        ALLOWED.put("files", List.of());
        ALLOWED.put("numeric", List.of());
        ALLOWED.put("engine", List.of());
        ALLOWED.put("nn", List.of("engine"));
        ALLOWED.put("python", List.of("nn", "engine"));
        ALLOWED.put("checkpoint.safetensors", List.of("files", "engine"));
        ALLOWED.put("checkpoint", List.of("checkpoint.safetensors", "engine"));
        ALLOWED.put("token", List.of("checkpoint", "engine"));
        ALLOWED.put("family.parts", List.of("nn", "checkpoint", "engine"));
        ALLOWED.put("family.*", List.of("family.parts", "nn", "checkpoint", "engine"));
        ALLOWED.put(
                "family",
                List.of(
                        "family.parts",
                        "family.*",
                        "torchscript",
                        "nn",
                        "checkpoint",
                        "checkpoint.safetensors",
                        "spelling",
                        "engine"));
        ALLOWED.put("generate", List.of("nn", "engine"));
        ALLOWED.put("torchscript", List.of("python", "nn", "engine"));
        ALLOWED.put("graph", List.of());
        ALLOWED.put("intervene", List.of("graph", "spelling", "engine"));
        ALLOWED.put("envoy", List.of("nn", "graph", "spelling", "engine"));
        ALLOWED.put("interleave.function", List.of("python", "nn", "graph", "spelling", "engine"));
        ALLOWED.put(
                "interleave",
                List.of("intervene", "interleave.function", "python", "nn", "graph", "spelling", "engine"));
        ALLOWED.put(
                "trace",
                List.of(
                        "interleave",
                        "intervene",
                        "envoy",
                        "graph",
                        "generate",
                        "family",
                        "token",
                        "checkpoint",
                        "nn",
                        "engine"));
    }

    @Test
    void everyRoomUsesOnlyTheRoomsBelowIt() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : CORE) {
            String from = room(type).orElseThrow(() -> new AssertionError(type.getName() + " is in no known room"));
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                room(use.getTargetClass().getBaseComponentType())
                        .filter(to -> !isAllowed(from, to, type, use.getTargetClass()))
                        .ifPresent(to -> wrong.add(from + " → " + to + ": " + use.getDescription()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyAllowedEdgeIsUsed() {
        Map<String, Set<String>> used = new HashMap<>();
        for (JavaClass type : CORE) {
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                room(use.getTargetClass().getBaseComponentType())
                        .ifPresent(to -> used.computeIfAbsent(room(type).orElseThrow(), from -> new HashSet<>())
                                .add(to));
            }
        }
        ALLOWED.forEach((from, rooms) ->
                assertThat(used.getOrDefault(from, Set.of())).as(from).containsAll(rooms));
    }

    @Test
    void noRoomsFormACycle() {
        slices().matching("io.sightline.(**)").should().beFreeOfCycles().check(CORE);
    }

    /** Its own package; an architecture may not use another architecture. */
    private static boolean isAllowed(String from, String to, JavaClass user, JavaClass used) {
        if (from.equals(to)) {
            return user.getPackageName().equals(used.getBaseComponentType().getPackageName());
        }
        return ALLOWED.getOrDefault(from, List.of()).contains(to);
    }

    private static Optional<String> room(JavaClass type) {
        String prefix = "io.sightline.";
        String name = type.getPackageName();
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        String room = name.substring(prefix.length());
        if (ALLOWED.containsKey(room)) {
            return Optional.of(room);
        }
        return room.startsWith("family.") ? Optional.of("family.*") : Optional.empty();
    }
}
