package io.sightline.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which room of the job may use which. A new edge is a design decision: add it here, and say why in docs/ARCHITECTURE.md. */
class ArchitectureTest {
    private static final String PREFIX = "io.sightline.job.";
    private static final String CORE_PREFIX = "io.sightline.";
    private static final JavaClasses JOB = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sightline.job");

    /** Every room with the rooms of the job it may use; {@code cli} stands on top of all. */
    private static final Map<String, List<String>> ALLOWED = new LinkedHashMap<>();

    static {
        ALLOWED.put("config", List.of());
        ALLOWED.put("input", List.of("config"));
        ALLOWED.put("table.files", List.of());
        ALLOWED.put("table", List.of("table.files"));
        ALLOWED.put("table.write", List.of("table", "table.files"));
        ALLOWED.put("table.iceberg", List.of("table", "table.files"));
        ALLOWED.put("model", List.of("config", "input"));
        ALLOWED.put("extract", List.of("model", "config", "input", "table", "table.write"));
        ALLOWED.put(
                "run",
                List.of("extract", "model", "config", "input", "table", "table.files", "table.write", "table.iceberg"));
        ALLOWED.put("ml", List.of("extract", "config"));
        ALLOWED.put("sql", List.of());
        ALLOWED.put("sql.query", List.of("sql", "table", "table.iceberg"));
        ALLOWED.put("probe.fit", List.of());
        ALLOWED.put("probe.measure", List.of());
        ALLOWED.put("probe", List.of("probe.fit", "probe.measure", "config", "table", "table.iceberg"));
        ALLOWED.put("report", List.of("sql.query", "table"));
    }

    /** Every room with the rooms of {@code core} it may use; a room that is not listed uses none, {@code cli} any. */
    private static final Map<String, List<String>> ALLOWED_OF_CORE = new LinkedHashMap<>();

    static {
        ALLOWED_OF_CORE.put("config", List.of("spelling"));
        ALLOWED_OF_CORE.put("input", List.of("spelling", "token"));
        ALLOWED_OF_CORE.put("model", List.of("trace", "interleave", "family", "token", "checkpoint", "nn", "engine"));
        ALLOWED_OF_CORE.put("extract", List.of("interleave", "graph", "family", "token", "nn", "engine", "spelling"));
        ALLOWED_OF_CORE.put("run", List.of("interleave", "graph", "engine"));
        ALLOWED_OF_CORE.put("sql", List.of("numeric"));
        ALLOWED_OF_CORE.put("sql.query", List.of("spelling"));
        ALLOWED_OF_CORE.put("probe.fit", List.of("engine"));
        ALLOWED_OF_CORE.put("probe", List.of("engine", "numeric", "spelling"));
        ALLOWED_OF_CORE.put("report", List.of("files"));
    }

    @Test
    void everyRoomUsesOnlyItsRoomsOfCore() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : JOB) {
            String from = room(type).orElseThrow();
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                String target = use.getTargetClass().getBaseComponentType().getPackageName();
                if (target.startsWith(CORE_PREFIX) && !target.startsWith(PREFIX) && !from.equals("cli")) {
                    String to = target.substring(CORE_PREFIX.length());
                    if (!ALLOWED_OF_CORE.getOrDefault(from, List.of()).contains(to)) {
                        wrong.add(from + " → " + to + ": " + use.getDescription());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRoomUsesOnlyTheRoomsBelowIt() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : JOB) {
            String from = room(type).orElseThrow();
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                room(use.getTargetClass().getBaseComponentType())
                        .filter(to -> !isAllowed(from, to))
                        .ifPresent(to -> wrong.add(from + " → " + to + ": " + use.getDescription()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noRoomsFormACycle() {
        slices().matching("io.sightline.job.(**)").should().beFreeOfCycles().check(JOB);
    }

    @Test
    void nativeHandlesStayInCore() {
        noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..").check(JOB);
    }

    /** It is optional: elsewhere a missing class would come as a surprise. */
    @Test
    void icebergStaysInItsRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(PREFIX + "table.iceberg")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.iceberg..")
                .check(JOB);
    }

    @Test
    void settingsAndTablesKnowNothingOfModels() {
        classes()
                .that()
                .resideInAnyPackage(PREFIX + "config..", PREFIX + "table..", PREFIX + "sql..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.sightline.engine..",
                        "io.sightline.nn..",
                        "io.sightline.family..",
                        "io.sightline.trace..",
                        "io.sightline.interleave..")
                .check(JOB);
    }

    private static boolean isAllowed(String from, String to) {
        return from.equals(to)
                || from.equals("cli")
                || ALLOWED.getOrDefault(from, List.of()).contains(to);
    }

    private static Optional<String> room(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(PREFIX) ? Optional.of(name.substring(PREFIX.length())) : Optional.empty();
    }
}
