package io.sightline.job.cli;

import io.sightline.family.LoadOptions;
import io.sightline.interleave.RunnableModel;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.TracedModule;
import java.nio.file.Files;
import java.nio.file.Path;

/** What MODEL_DIR names: a checkpoint, a net's directory with a model.json, or a TorchScript file. */
record OpenedModel(RunnableModel model, Runnable closing) implements AutoCloseable {
    static OpenedModel open(Path path, LoadOptions options) {
        if (!Files.exists(path)) {
            throw new UsageException("no such model: " + path);
        }
        boolean isNet = Files.isRegularFile(path)
                || (Files.exists(path.resolve("model.json")) && !Files.exists(path.resolve("config.json")));
        if (isNet) {
            TracedModule net = TracedModule.open(path, options);
            return new OpenedModel(net, net::close);
        }
        LanguageModel model = LanguageModel.open(path, options);
        return new OpenedModel(model, model::close);
    }

    @Override
    public void close() {
        closing.run();
    }
}
