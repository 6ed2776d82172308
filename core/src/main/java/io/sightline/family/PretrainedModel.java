package io.sightline.family;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.Affine;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import io.sightline.torchscript.ScriptedModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with its weights: a Hugging Face checkpoint's directory (config.json), a net of nested Sequentials (model.json), or a TorchScript
 * file. It owns the weights until it is closed; threads may share it.
 */
public final class PretrainedModel implements AutoCloseable {
    private final Path directory;
    private final ModelConfig config;
    private final Module module;
    private final DType dtype;
    private final Device device;
    private final AttentionKind attention;
    private final List<Tensor> weights;
    private final long parameterCount;

    private PretrainedModel(
            Path directory,
            Blueprint blueprint,
            LoadOptions options,
            DType dtype,
            Device device,
            List<Tensor> weights) {
        this.directory = directory;
        this.config = blueprint.config();
        this.module = blueprint.module();
        this.dtype = dtype;
        this.device = device;
        this.attention = options.attentionKind();
        this.weights = weights;
        this.parameterCount = weights.stream().mapToLong(Tensor::elements).sum();
    }

    /**
     * Builds the model and loads its weights, memory-mapped.
     *
     * @throws IllegalArgumentException if the directory holds no model that can be used; the message says why
     */
    public static PretrainedModel open(Path directory, LoadOptions options) {
        if (ModelKind.of(directory) == ModelKind.TORCHSCRIPT) {
            return scripted(directory, options, options.chosenDevice());
        }
        Blueprint blueprint = Blueprint.read(directory, options.attentionKind());
        Device device = options.chosenDevice();
        DType dtype = options.dtype(device, blueprint.storedDtype());
        Map<String, Parameter> parameters = blueprint.module().namedParameters();
        WeightPlan plan = WeightPlan.of(
                directory, blueprint.tensors(), parameters, blueprint.names(), blueprint::otherArchitecture);
        List<Tensor> weights = WeightLoader.load(parameters, plan, dtype, device);
        PretrainedModel model = new PretrainedModel(directory, blueprint, options, dtype, device, weights);
        affine(model.module).forEach((path, layer) -> layer.allowPacking(plan.memory(path + ".weight", dtype, device)));
        return model;
    }

    /**
     * Builds the model alone: parameters are on the meta device and have shapes only, the weights' files are not looked at.
     *
     * @throws IllegalArgumentException if the directory holds no config that can be used
     */
    public static PretrainedModel shapesOnly(Path directory, LoadOptions options) {
        if (ModelKind.of(directory) == ModelKind.TORCHSCRIPT) {
            return scripted(directory, options, Device.META);
        }
        Blueprint blueprint = Blueprint.read(directory, options.attentionKind());
        DType dtype = options.dtype(Device.CPU, blueprint.config().storedDtype());
        List<Tensor> weights = WeightLoader.shapes(blueprint.module().namedParameters(), dtype);
        return new PretrainedModel(directory, blueprint, options, dtype, Device.META, weights);
    }

    /** A TorchScript file brings its code with it: its dtypes and its attention are what they were when it was saved. */
    private static PretrainedModel scripted(Path file, LoadOptions options, Device device) {
        if (!options.dtype().equals("auto") || !options.attention().equals("auto")) {
            throw new IllegalArgumentException(
                    file + " is a TorchScript module, whose dtype and attention are fixed in its code;"
                            + " leave both at auto, or save it again in the dtype wanted");
        }
        ScriptedModel script = ScriptedModel.open(file, device);
        Blueprint blueprint = new Blueprint(
                ModelConfig.of(Map.of()),
                script.module(),
                WeightNames.withBasePrefix("").build(),
                Map::of);
        return new PretrainedModel(file, blueprint, options, script.dtype(), device, script.tensors());
    }

    private static Map<String, Affine> affine(Module module) {
        Map<String, Affine> layers = new LinkedHashMap<>();
        module.namedModules().forEach((path, child) -> {
            if (child instanceof Affine layer) {
                layers.put(path, layer);
            }
        });
        return layers;
    }

    public Module module() {
        return module;
    }

    public ModelConfig config() {
        return config;
    }

    /** What weights are held and activations computed in. */
    public DType dtype() {
        return dtype;
    }

    /** Where the weights are. */
    public Device device() {
        return device;
    }

    public AttentionKind attention() {
        return attention;
    }

    public Path directory() {
        return directory;
    }

    /** How many numbers the weights are, shared ones counted once. */
    public long parameterCount() {
        return parameterCount;
    }

    /** The bytes that the weights take in {@link #dtype()}. */
    public long parameterBytes() {
        return parameterCount() * dtype.bytes();
    }

    /** Frees every weight; the modules cannot be called after that. */
    @Override
    public void close() {
        affine(module).values().forEach(Affine::unpack);
        weights.forEach(Tensor::close);
    }
}
