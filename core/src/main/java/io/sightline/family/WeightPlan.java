package io.sightline.family;

import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.checkpoint.safetensors.TensorEntry;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.Affine;
import io.sightline.nn.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which tensor of which file goes to which parameter, checked strictly before any data are read: a missing, an unexpected or a misshapen
 * weight is an error that names it, together with all the others.
 *
 * @param sources parameter path to its tensor
 * @param shared parameter path to the path of the one whose tensor it shares
 */
record WeightPlan(Map<String, Source> sources, Map<String, String> shared) {
    private static final int NAMES_IN_A_MESSAGE = 12;

    record Source(SafetensorsFile file, TensorEntry entry) {}

    /**
     * @param hint what to say besides where they do not fit
     * @throws CheckpointException if tensors and parameters do not match exactly
     */
    static WeightPlan of(
            Path directory,
            Map<String, SafetensorsFile> tensors,
            Map<String, Parameter> parameters,
            WeightNames names,
            Supplier<String> hint) {
        Map<String, Source> sources = new LinkedHashMap<>();
        List<String> unexpected = new ArrayList<>();
        tensors.forEach((name, file) -> {
            Optional<String> path = names.parameterFor(name, parameters.keySet());
            if (path.isPresent() && !sources.containsKey(path.get())) {
                sources.put(path.get(), new Source(file, file.entry(name)));
            } else if (!names.isIgnored(name)) {
                unexpected.add("'" + name + "'");
            }
        });
        Map<String, String> shared = share(names, sources, parameters);
        List<String> missing = parameters.keySet().stream()
                .filter(path -> !sources.containsKey(path) && !isShared(path, names, parameters))
                .map(path -> "'" + path + "'")
                .toList();
        List<String> wrong = new ArrayList<>();
        sources.forEach(
                (path, source) -> describeMismatch(path, source, parameters).ifPresent(wrong::add));
        checkNone(directory, missing, unexpected, wrong, hint);
        return new WeightPlan(sources, shared);
    }

    /** Whose the memory of a loaded weight is. */
    Affine.Memory memory(String path, DType dtype, Device device) {
        Source source = sources.get(path);
        if (source == null) {
            return Affine.Memory.SHARED;
        }
        if (device.isCpu() && source.entry().dtype() == dtype) {
            return source.entry().isMappable() ? Affine.Memory.MAPPED : Affine.Memory.SHARED;
        }
        return shared.containsValue(path) ? Affine.Memory.SHARED : Affine.Memory.OWN;
    }

    /** A tied parameter takes the other's tensor. A file may hold it under either name, or under both. */
    private static Map<String, String> share(
            WeightNames names, Map<String, Source> sources, Map<String, Parameter> parameters) {
        Map<String, String> shared = new LinkedHashMap<>();
        names.tied().forEach((parameter, other) -> {
            Source own = sources.get(parameter);
            if (!sources.containsKey(other) && own != null) {
                sources.put(other, own);
                sources.remove(parameter);
            }
            boolean isItsOwn = names.isTiedIfAbsent(parameter) && sources.containsKey(parameter);
            if (parameters.containsKey(parameter) && sources.containsKey(other) && !isItsOwn) {
                shared.put(parameter, other);
            }
        });
        return shared;
    }

    /** A tied parameter is not missing itself where the one that it shares is. */
    private static boolean isShared(String path, WeightNames names, Map<String, Parameter> parameters) {
        String other = names.tied().get(path);
        return other != null && parameters.containsKey(other);
    }

    private static Optional<String> describeMismatch(String path, Source source, Map<String, Parameter> parameters) {
        TensorEntry entry = source.entry();
        Parameter parameter = parameters.get(path);
        if (parameter == null) {
            return Optional.empty();
        }
        if (!Arrays.equals(entry.sizes(), parameter.shape())) {
            return Optional.of("'" + entry.name() + "' has shape " + entry.shape() + ", the config wants "
                    + Arrays.toString(parameter.shape()));
        }
        return entry.dtype().isFloatingPoint()
                ? Optional.empty()
                : Optional.of(
                        "'" + entry.name() + "' has dtype " + entry.dtype().shortName()
                                + ", a weight must be a floating point number (quantised checkpoints are not supported)");
    }

    private static void checkNone(
            Path directory, List<String> missing, List<String> unexpected, List<String> wrong, Supplier<String> hint) {
        List<String> problems = new ArrayList<>();
        addProblem(problems, "missing", missing);
        addProblem(problems, "unexpected", unexpected);
        addProblem(problems, "not as they should be", wrong);
        if (!problems.isEmpty()) {
            throw new CheckpointException(
                    directory, "its weights do not fit its config.json; " + String.join("; ", problems) + hint.get());
        }
    }

    private static void addProblem(List<String> problems, String kind, List<String> names) {
        if (!names.isEmpty()) {
            int shown = Math.min(names.size(), NAMES_IN_A_MESSAGE);
            problems.add(names.size() + " " + kind + ": " + String.join(", ", names.subList(0, shown))
                    + (shown < names.size() ? " and " + (names.size() - shown) + " more" : ""));
        }
    }
}
