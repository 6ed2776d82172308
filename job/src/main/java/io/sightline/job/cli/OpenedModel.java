package io.sightline.job.cli;

import io.sightline.envoy.Envoy;
import io.sightline.family.LoadOptions;
import io.sightline.interleave.RunnableModel;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.TracedModule;
import java.nio.file.Files;
import java.nio.file.Path;

/** What MODEL_DIR names: a checkpoint, a net's directory with a model.json, or a TorchScript file. */
record OpenedModel(RunnableModel model, Envoy envoy, Runnable closing) implements AutoCloseable {
    /** With its weights. */
    static OpenedModel open(Path path, LoadOptions options) {
        OpenedModel opened = lazily(path, options);
        if (opened.model() instanceof LanguageModel model) {
            try {
                model.dispatch();
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }
        return opened;
    }

    /** A checkpoint's tree alone, whose weights are loaded when it first runs; the others are small enough to be loaded at once. */
    static OpenedModel lazily(Path path, LoadOptions options) {
        if (!Files.exists(path)) {
            throw new UsageException("no such model: " + path);
        }
        boolean isNet = Files.isRegularFile(path)
                || (Files.exists(path.resolve("model.json")) && !Files.exists(path.resolve("config.json")));
        if (isNet) {
            TracedModule net = TracedModule.open(path, options);
            return new OpenedModel(net, net.envoy(), net::close);
        }
        LanguageModel model = LanguageModel.openLazily(path, options);
        return new OpenedModel(model, model.envoy(), model::close);
    }

    @Override
    public void close() {
        closing.run();
    }
}
