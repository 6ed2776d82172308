package io.sightline.family;

import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives parameters their tensors. Weights that are stored as they are computed with, on the CPU, stay in the files' memory map; others are
 * converted one by one, the largest first, each from a map of its own that goes when it is done. So no more than one stored tensor is ever
 * resident next to the converted ones.
 */
final class WeightLoader {
    private static final Logger LOG = LoggerFactory.getLogger(WeightLoader.class);
    private static final Kernel EQUAL =
            Kernel.define("equal", "a: Tensor, b: Tensor", "bool", "return torch.equal(a, b)");

    private final Map<String, Parameter> parameters;
    private final WeightPlan plan;
    private final DType dtype;
    private final Device device;
    private final List<Tensor> owned = new ArrayList<>();

    private WeightLoader(Map<String, Parameter> parameters, WeightPlan plan, DType dtype, Device device) {
        this.parameters = parameters;
        this.plan = plan;
        this.dtype = dtype;
        this.device = device;
    }

    /** Binds every parameter. The caller owns the tensors that come back. */
    static List<Tensor> load(Map<String, Parameter> parameters, WeightPlan plan, DType dtype, Device device) {
        WeightLoader loader = new WeightLoader(parameters, plan, dtype, device);
        try {
            loader.load();
            return loader.owned;
        } catch (RuntimeException e) {
            loader.owned.forEach(Tensor::close);
            throw e;
        }
    }

    /** Binds every parameter to a tensor without data. */
    static List<Tensor> shapes(Map<String, Parameter> parameters, DType dtype) {
        List<Tensor> owned = new ArrayList<>();
        for (Parameter parameter : parameters.values()) {
            Tensor shape = Tensor.empty(dtype, Device.META, parameter.shape()).release();
            owned.add(shape);
            parameter.bind(shape);
        }
        return owned;
    }

    private void load() {
        warnOfUntiedCopies();
        List<String> converted = new ArrayList<>();
        Map<SafetensorsFile, List<String>> mapped = new IdentityHashMap<>();
        plan.sources().forEach((path, source) -> {
            if (device.isCpu() && source.entry().dtype() == dtype) {
                mapped.computeIfAbsent(source.file(), file -> new ArrayList<>()).add(path);
            } else {
                converted.add(path);
            }
        });
        converted.sort(Comparator.comparingLong(path -> -bytes(path)));
        converted.forEach(this::convert);
        mapped.forEach(this::map);
        plan.shared().forEach((path, other) -> bind(path, parameter(other).tensor()));
    }

    private WeightPlan.Source source(String path) {
        return Objects.requireNonNull(plan.sources().get(path), path);
    }

    private Parameter parameter(String path) {
        return Objects.requireNonNull(parameters.get(path), path);
    }

    private long bytes(String path) {
        return source(path).entry().bytes();
    }

    private void convert(String path) {
        WeightPlan.Source source = source(path);
        try (Scope scope = Scope.open()) {
            Tensor stored = source.file().tensor(source.entry().name());
            own(path, stored.to(dtype).to(device));
        }
    }

    private void map(SafetensorsFile file, List<String> paths) {
        try (Scope scope = Scope.open()) {
            List<String> names =
                    paths.stream().map(path -> source(path).entry().name()).toList();
            Map<String, Tensor> tensors = file.tensors(names);
            for (int i = 0; i < names.size(); i++) {
                own(paths.get(i), Objects.requireNonNull(tensors.get(names.get(i))));
            }
        }
    }

    private void own(String path, Tensor tensor) {
        owned.add(tensor.release());
        bind(path, tensor);
    }

    private void bind(String path, Tensor tensor) {
        parameter(path).bind(tensor);
    }

    /** config.json ties two parameters, and the file holds both: transformers takes the first and says nothing of a second that differs. */
    private void warnOfUntiedCopies() {
        plan.shared().forEach((path, other) -> {
            WeightPlan.Source copy = plan.sources().remove(path);
            if (copy == null) {
                return;
            }
            WeightPlan.Source kept = source(other);
            try (Scope scope = Scope.open()) {
                Tensor a = copy.file().tensor(copy.entry().name());
                Tensor b = kept.file().tensor(kept.entry().name());
                if (!Boolean.TRUE.equals(EQUAL.call(a, b.to(a.dtype())))) {
                    LOG.warn(
                            "{} differs from {}, which config.json ties it to (tie_word_embeddings); as transformers does,"
                                    + " the latter is used for both",
                            path,
                            other);
                }
            }
        });
    }
}
