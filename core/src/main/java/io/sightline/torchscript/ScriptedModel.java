package io.sightline.torchscript;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.nn.Module;
import io.sightline.torchscript.Pickled.Instance;
import io.sightline.torchscript.Pickled.TensorView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript archive, traced or scripted, opened as a module tree with weights and hooks. It owns the weights until it is closed.
 *
 * <pre>{@code
 * try (ScriptedModel model = ScriptedModel.open(Path.of("net.pt"), Device.CPU)) {
 *     Tensor y = model.module().call(x);
 * }
 * }</pre>
 */
public final class ScriptedModel implements AutoCloseable {
    /** A module shared under many names counts at each of them, so that a small file can't unfold into an endless tree. */
    private static final int MOST_PATHS = 100_000;

    private static final int DEEPEST = 100;
    private static final int MOST_VALUES = 1_000_000;

    private final Module module;
    private final List<Tensor> tensors;

    private ScriptedModel(Module module, List<Tensor> tensors) {
        this.module = module;
        this.tensors = tensors;
    }

    /**
     * Reads the archive.
     *
     * @param device where weights and constants go; the meta device gives shapes without data
     * @throws IllegalArgumentException if the file is not a TorchScript archive, is damaged, or asks for something that a model does not need
     */
    public static ScriptedModel open(Path file, Device device) {
        List<Tensor> tensors = new ArrayList<>();
        try (ScriptArchive archive = ScriptArchive.open(file);
                TensorLoader weights = new TensorLoader(archive, "data", device, tensors);
                TensorLoader constants = new TensorLoader(archive, "constants", device, tensors)) {
            return new ScriptedModel(new Tree(archive, weights, constants).build(), tensors);
        } catch (RuntimeException e) {
            tensors.forEach(Tensor::close);
            throw e instanceof IllegalArgumentException ? new IllegalArgumentException(message(file, e), e) : e;
        }
    }

    private static String message(Path file, RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith(file.toString()) ? message : file + ": " + message;
    }

    /** The root; its forward takes what the archive's {@code forward} takes. */
    public Module module() {
        return module;
    }

    /** Every weight, buffer and constant; they are freed with the model. */
    public List<Tensor> tensors() {
        return Collections.unmodifiableList(tensors);
    }

    /** The dtype of the first floating-point tensor, float32 where there is none. */
    public DType dtype() {
        return tensors.stream()
                .map(Tensor::dtype)
                .filter(DType::isFloatingPoint)
                .findFirst()
                .orElse(DType.FLOAT32);
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }

    /** Builds modules from the pickled instances. */
    private static final class Tree {
        private final ScriptArchive archive;
        private final TensorLoader weights;
        private final TensorLoader constants;
        private final Program program = new Program();
        private final Map<Instance, Built> built = new IdentityHashMap<>();
        private int values;

        /** A finished module and how many paths lead through it. */
        private record Built(ScriptModule module, int paths) {}

        Tree(ScriptArchive archive, TensorLoader weights, TensorLoader constants) {
            this.archive = archive;
            this.weights = weights;
            this.constants = constants;
        }

        Module build() {
            archive.sources().forEach(name -> program.add(name, archive.text("code/" + name)));
            Object values = PickleReader.read(archive.bytes("constants.pkl"));
            if (values instanceof List<?> items) {
                program.constants(values(items, constants, 0));
            }
            if (PickleReader.read(archive.bytes("data.pkl")) instanceof Instance root
                    && program.type(root.className()).isModule()) {
                return module(root, 0).module();
            }
            throw new IllegalArgumentException("data.pkl holds no module");
        }

        private Built module(Instance instance, int depth) {
            Built known = built.get(instance);
            if (known != null) {
                return known;
            }
            if (!(instance.state() instanceof Map<?, ?> state)) {
                throw new IllegalArgumentException(
                        "a " + instance.className()
                                + " keeps its state in a form of its own (__setstate__), as quantized modules do; it is not read");
            }
            ScriptModule module = new ScriptModule(program.type(instance.className()));
            int paths = 1;
            for (Map.Entry<?, ?> entry : state.entrySet()) {
                String name = String.valueOf(entry.getKey());
                if (entry.getValue() instanceof Instance child && isModule(child)) {
                    Built below = module(child, checkDepth(depth + 1));
                    paths += below.paths();
                    checkModuleCount(paths);
                    module.add(name, below.module());
                } else {
                    module.add(name, value(entry.getValue(), weights, depth));
                }
            }
            Built result = new Built(module, paths);
            built.put(instance, result);
            return result;
        }

        private boolean isModule(Instance instance) {
            return program.type(instance.className()).isModule();
        }

        private static int checkDepth(int depth) {
            if (depth > DEEPEST) {
                throw new IllegalArgumentException(
                        "values are nested more than " + DEEPEST + " deep, or a module holds itself");
            }
            return depth;
        }

        private static void checkModuleCount(int paths) {
            if (paths > MOST_PATHS) {
                throw new IllegalArgumentException("the module tree has more than " + MOST_PATHS + " paths");
            }
        }

        /** A plain value with its tensors loaded; an object of the archive's own classes stays as it is, to be refused where it is used. */
        private @Nullable Object value(@Nullable Object pickled, TensorLoader tensors, int depth) {
            if (++values > MOST_VALUES) {
                throw new IllegalArgumentException("the archive's data has more than " + MOST_VALUES + " values");
            }
            if (pickled instanceof TensorView view) {
                return tensors.load(view);
            }
            return pickled instanceof ArrayList<?> items ? values(items, tensors, checkDepth(depth + 1)) : pickled;
        }

        private List<@Nullable Object> values(List<?> items, TensorLoader tensors, int depth) {
            List<@Nullable Object> values = new ArrayList<>(items.size());
            for (Object item : items) {
                values.add(value(item, tensors, depth));
            }
            return values;
        }
    }
}
