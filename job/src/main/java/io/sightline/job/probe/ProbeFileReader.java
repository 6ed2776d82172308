package io.sightline.job.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.ModulePattern;
import io.sightline.job.config.Section;
import io.sightline.job.config.YamlText;
import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.Solver;
import io.sightline.job.probe.measure.Bootstrap;
import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads a probe file. Every error is a {@link ConfigException} that names the key. */
public final class ProbeFileReader {
    private static final int LARGEST_LOCAL_LIMIT = 4096;

    private ProbeFileReader() {}

    /** Reads the text of a probe file. */
    public static ProbeFile read(String yaml) {
        Section root = new Section("", YamlText.mapping(yaml, "probe file", "run, output and labels"));
        long seed = root.integer("seed", 0, Integer.MIN_VALUE);
        ProbeFile file = new ProbeFile(
                yaml,
                runs(root),
                root.text("output", "the directory to write the probes to"),
                root.sections("captures").stream().map(ProbeFileReader::capture).toList(),
                poolings(root),
                labels(root),
                kinds(root),
                booleans(root, "standardize"),
                split(root.section("split"), seed),
                strengths(root.section("regularization")),
                control(root),
                bootstrap(root.section("bootstrap"), seed),
                fitting(root.section("fit")));
        root.finish();
        checkChoicePossible(file);
        return file;
    }

    private static Map<String, String> runs(Section root) {
        String meaning = "a run directory, a list of them, or a mapping of names to them";
        JsonNode node = root.value("run");
        Map<String, String> runs = new LinkedHashMap<>();
        if (node != null && node.isObject()) {
            return root.mapping("run", meaning);
        }
        for (String path : root.texts("run", meaning)) {
            if (runs.put(new Path(path).getName(), path) != null) {
                throw new ConfigException("run: two directories are called '" + new Path(path).getName()
                        + "'; give them names: run: { first: " + path + ", … }");
            }
        }
        if (runs.isEmpty()) {
            throw root.wrong("run", meaning);
        }
        return runs;
    }

    private static ProbeFile.CaptureFilter capture(Section section) {
        String modules = section.optionalText("modules", "a module path such as transformer.h.*");
        ProbeFile.CaptureFilter filter = new ProbeFile.CaptureFilter(
                section.optionalText("name", "a capture's name"),
                modules == null ? null : ModulePattern.of(modules),
                layers(section));
        section.finish();
        return filter;
    }

    /** Numbers and ranges such as {@code 0-5}. */
    private static List<Integer> layers(Section section) {
        List<Integer> layers = new ArrayList<>();
        for (String text : section.texts("layers", "a list of layer numbers or ranges such as 0-5")) {
            String[] ends = text.split("-", -1);
            if (ends.length > 2 || !Arrays.stream(ends).allMatch(end -> end.matches("\\s*\\d{1,6}\\s*"))) {
                throw section.wrong("layers", "a list of layer numbers or ranges such as 0-5");
            }
            int first = Integer.parseInt(ends[0].strip());
            int last = Integer.parseInt(ends[ends.length - 1].strip());
            for (int layer = first; layer <= last; layer++) {
                layers.add(layer);
            }
        }
        return layers;
    }

    private static List<Pooling> poolings(Section root) {
        List<Pooling> poolings = new ArrayList<>();
        for (String text : root.texts("pooling", "as_stored, last, first or mean")) {
            poolings.add(named(root.pathOf("pooling"), text, Pooling.values()));
        }
        return poolings.isEmpty()
                ? List.of(Pooling.LAST)
                : poolings.stream().distinct().toList();
    }

    private static <E extends Enum<E>> E named(String key, String text, E[] allowed) {
        List<String> names = Arrays.stream(allowed).map(Object::toString).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw new ConfigException(key + ": expected one of " + String.join(", ", names) + ", got '" + text + "'"
                    + Nearest.hint(text, names));
        }
        return allowed[index];
    }

    private static List<ProbeFile.LabelRequest> labels(Section root) {
        JsonNode node = root.value("labels");
        if (node == null || node.isEmpty()) {
            throw root.wrong("labels", "a list with at least one label, such as - { column: label }");
        }
        List<ProbeFile.LabelRequest> labels =
                root.sections("labels").stream().map(ProbeFileReader::label).toList();
        Set<String> names = new HashSet<>();
        for (ProbeFile.LabelRequest label : labels) {
            if (!names.add(label.name())) {
                throw new ConfigException(
                        "labels: two labels are called '" + label.name() + "'; give each a 'name' of its own");
            }
        }
        return labels;
    }

    private static ProbeFile.LabelRequest label(Section section) {
        String column = section.text("column", "a column of the prompts table");
        String name = section.optionalText("name", "a name for the label");
        String task = section.optionalText("task", "auto, binary, multiclass or regression");
        ProbeFile.LabelRequest label = new ProbeFile.LabelRequest(
                name == null ? column : name,
                column,
                task == null ? Task.AUTO : named(section.pathOf("task"), task, Task.values()),
                section.optionalText("where", "an SQL condition over the prompts table"));
        section.finish();
        return label;
    }

    private static List<Kind> kinds(Section root) {
        List<String> names = root.texts("kinds", "a list of probe kinds, or auto");
        return names.equals(List.of("auto"))
                ? List.of()
                : names.stream()
                        .map(name -> named(root.pathOf("kinds"), name, Kind.values()))
                        .distinct()
                        .toList();
    }

    private static List<Boolean> booleans(Section root, String key) {
        List<Boolean> values = new ArrayList<>();
        for (String text : root.texts(key, "true, false or [true, false]")) {
            if (!text.equals("true") && !text.equals("false")) {
                throw root.wrong(key, "true, false or [true, false]");
            }
            values.add(text.equals("true"));
        }
        return values.isEmpty() ? List.of(true) : values.stream().distinct().toList();
    }

    private static ProbeFile.SplitRequest split(Section section, long seed) {
        double validation = number(section, "validation", 0.2, "a share from 0 to less than 1", v -> v >= 0 && v < 1);
        double test = number(section, "test", 0.2, "a share above 0 and below 1", v -> v > 0 && v < 1);
        double train = number(section, "train", 1 - validation - test, "a share above 0", v -> v > 0);
        int folds = section.integer("folds", 0, 0);
        if (Math.abs(train + validation + test - 1) > 1e-6) {
            throw new ConfigException("split: train, validation and test should add up to 1, they give " + train + " + "
                    + validation + " + " + test + " (validation and test are 0.2 unless given)");
        }
        if (folds == 1) {
            throw section.wrong("folds", "0 for none, or at least 2");
        }
        section.finish();
        return new ProbeFile.SplitRequest(validation, test, folds, seed);
    }

    private static double number(
            Section section, String key, double standard, String meaning, DoublePredicate accepted) {
        JsonNode value = section.value(key);
        if (value == null) {
            return standard;
        }
        if (!value.isNumber() || !accepted.test(value.doubleValue())) {
            throw section.wrong(key, meaning);
        }
        return value.doubleValue();
    }

    private static ProbeFile.Strengths strengths(Section section) {
        List<Double> c = numbers(section, "c", List.of(0.001, 0.01, 0.1, 1.0, 10.0), v -> v > 0);
        List<Double> alpha = numbers(section, "alpha", List.of(1000.0, 100.0, 10.0, 1.0, 0.1), v -> v >= 0);
        List<Double> shrinkage = numbers(section, "shrinkage", List.of(0.5, 0.1, 0.01, 0.001), v -> v >= 0 && v <= 1);
        section.finish();
        Comparator<Double> largestFirst = Comparator.reverseOrder();
        return new ProbeFile.Strengths(
                c.stream().distinct().sorted().toList(),
                alpha.stream().distinct().sorted(largestFirst).toList(),
                shrinkage.stream().distinct().sorted(largestFirst).toList());
    }

    private static List<Double> numbers(Section section, String key, List<Double> standard, DoublePredicate accepted) {
        JsonNode value = section.value(key);
        if (value == null) {
            return standard;
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode item : value.isArray() ? value : List.of(value)) {
            if (!item.isNumber() || !accepted.test(item.doubleValue())) {
                throw section.wrong(
                        key, key.equals("c") ? "numbers above 0" : "numbers of at least 0 (shrinkage: at most 1)");
            }
            numbers.add(item.doubleValue());
        }
        if (numbers.isEmpty()) {
            throw section.wrong(key, "at least one number");
        }
        return numbers;
    }

    private static ProbeFile.Control control(Section root) {
        String text = root.choice("control", "true", "false");
        return text.equals("true") ? ProbeFile.Control.SHUFFLED_LABELS : ProbeFile.Control.NONE;
    }

    private static Bootstrap bootstrap(Section section, long seed) {
        int resamples = section.integer("resamples", 1000, 0);
        double confidence = number(section, "confidence", 0.95, "a share between 0 and 1", v -> v > 0 && v < 1);
        section.finish();
        return new Bootstrap(resamples, confidence, seed);
    }

    private static ProbeFile.Fitting fitting(Section section) {
        @Nullable String device = section.optionalText("device", "auto, cpu or cuda");
        int limit = section.integer("local_limit_mb", 512, 0);
        if (limit > LARGEST_LOCAL_LIMIT) {
            throw section.wrong("local_limit_mb", "at most " + LARGEST_LOCAL_LIMIT);
        }
        ProbeFile.Fitting fitting = new ProbeFile.Fitting(
                device == null ? "auto" : device,
                limit,
                new Solver.Stop(
                        number(section, "tolerance", 1e-5, "a number above 0", v -> v > 0),
                        section.integer("max_iterations", 500, 1)));
        section.finish();
        return fitting;
    }

    /** Several strengths need prompts to choose on. */
    private static void checkChoicePossible(ProbeFile file) {
        boolean choice =
                file.kinds().stream().anyMatch(kind -> file.strengths().of(kind).size() > 1);
        if (choice && file.split().validation() == 0 && file.split().folds() == 0) {
            throw new ConfigException(
                    "split.validation is 0 and there are no folds, but regularization has several strengths to"
                            + " choose from: give one strength each (such as c: [1]), or prompts to choose on");
        }
    }
}
