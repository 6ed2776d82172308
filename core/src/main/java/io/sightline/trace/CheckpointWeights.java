package io.sightline.trace;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Recorder;
import io.sightline.family.LoadOptions;
import io.sightline.family.ModelKind;
import io.sightline.family.PretrainedModel;
import io.sightline.nn.Module;
import io.sightline.nn.WrapperModule;
import io.sightline.token.PadToken;
import io.sightline.token.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a language model and its edited copies share: the checkpoint, first as shapes and then as weights, its tree and its tokenizer. */
final class CheckpointWeights implements AutoCloseable {
    static final String GENERATOR = "generator";

    private final Path directory;
    private final LoadOptions options;
    private final PretrainedModel shapes;
    private final Recorder recorder = new Recorder();
    private final Envoy envoy;
    private final int moduleCount;
    private final boolean ofFamily;
    private @Nullable PretrainedModel loaded;
    private @Nullable Tokenizer tokenizer;
    private @Nullable ZeroWeights zeroWeights;

    CheckpointWeights(Path directory, LoadOptions options) {
        this.directory = directory;
        this.options = options;
        this.ofFamily = ModelKind.of(directory) != ModelKind.TORCHSCRIPT;
        this.shapes = PretrainedModel.shapesOnly(directory, options);
        shapes.module().mount(GENERATOR, new WrapperModule());
        this.envoy = Envoy.over(shapes.module(), recorder);
        this.moduleCount = shapes.module().namedModules().size();
    }

    Recorder recorder() {
        return recorder;
    }

    Envoy envoy() {
        return envoy;
    }

    Path directory() {
        return directory;
    }

    ModelConfig config() {
        return shapes.config();
    }

    /** Whether the model is of a {@link io.sightline.family.Families family}, and not code from a TorchScript file. */
    boolean areOfFamily() {
        return ofFamily;
    }

    synchronized boolean areLoaded() {
        return loaded != null;
    }

    /** The weights, loaded now if they were not; the tree then stands on them. */
    synchronized PretrainedModel loaded() {
        PretrainedModel model = loaded;
        if (model == null) {
            model = PretrainedModel.open(directory, options);
            envoy.update(model.module());
            loaded = model;
        }
        return model;
    }

    /** The model's shapes on the meta device; empty where modules were mounted in the tree, which have their own data and code. */
    synchronized Optional<Module> shapes() {
        boolean asBuilt = shapes.module().namedModules().size() == moduleCount
                && (loaded == null || loaded.module().namedModules().size() == moduleCount);
        return asBuilt ? Optional.of(shapes.module()) : Optional.empty();
    }

    /** The model without weights, with whatever is mounted in the tree: it can be called, and what it gives has the right shapes. */
    synchronized Module zeroWeights() {
        ZeroWeights known = zeroWeights;
        if (known == null) {
            known = ZeroWeights.of(directory, options);
            known.module().mount(GENERATOR, new WrapperModule());
            zeroWeights = known;
        }
        mountAlike(envoy, known.module());
        return known.module();
    }

    private static void mountAlike(Envoy envoy, Module module) {
        for (String name : envoy.childNames()) {
            Module child = module.namedChildren().get(name);
            if (child == null) {
                module.mount(name, envoy.child(name).module());
            } else if (child != envoy.child(name).module()) {
                mountAlike(envoy.child(name), child);
            }
        }
    }

    synchronized Tokenizer tokenizer() {
        Tokenizer opened = tokenizer;
        if (opened == null) {
            opened = Tokenizer.open(directory);
            tokenizer = opened;
        }
        return opened;
    }

    /** What pads a batch. */
    long padId() {
        return PadToken.id(Tokenizer.isPresent(directory) ? tokenizer() : null, config());
    }

    @Override
    public synchronized void close() {
        shapes.close();
        if (zeroWeights != null) {
            zeroWeights.close();
        }
        if (loaded != null) {
            loaded.close();
        }
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
