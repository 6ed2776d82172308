package io.sightline.family;

import io.sightline.checkpoint.CheckpointDirectory;
import io.sightline.checkpoint.ModelConfig;
import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.checkpoint.safetensors.TensorEntry;
import io.sightline.engine.DType;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A model that is built and not yet loaded. */
record Blueprint(ModelConfig config, Module module, WeightNames names, Supplier<Map<String, SafetensorsFile>> weights) {
    static Blueprint read(Path directory, AttentionKind attention) {
        CheckpointDirectory.checkDirectory(directory);
        if (ModelKind.of(directory) == ModelKind.NET) {
            return SequentialNet.read(directory);
        }
        CheckpointDirectory checkpoint = CheckpointDirectory.open(directory);
        ModelConfig said = checkpoint.config();
        if (said.has("quantization_config")) {
            throw said.error("it is a quantised checkpoint (quantization_config), which is not supported;"
                    + " save one with plain float weights");
        }
        Family family = Families.of(said);
        ModelConfig config = family.fitted(said, names(checkpoint));
        return new Blueprint(config, family.build(config, attention), family.weightNames(config), checkpoint::tensors);
    }

    private static Set<String> names(CheckpointDirectory checkpoint) {
        try {
            return checkpoint.tensors().keySet();
        } catch (CheckpointException | UncheckedIOException e) {
            // Whoever loads the weights says what is wrong with them; shapes need none.
            return Set.of();
        }
    }

    Map<String, SafetensorsFile> tensors() {
        return weights.get();
    }

    /** What config.json says that the checkpoint is, where that is not what is built here; the end of a message. */
    String otherArchitecture() {
        List<String> said = config.strings("architectures");
        return said.isEmpty() || said.contains(module.className())
                ? ""
                : "; config.json says it is a " + String.join(", ", said) + ", while a model_type '"
                        + config.modelType() + "' is opened as " + module.className() + "";
    }

    /** The dtype that config.json names, or that the largest weight has. */
    Optional<DType> storedDtype() {
        return config.storedDtype()
                .or(() -> tensors().entrySet().stream()
                        .map(named -> named.getValue().entry(named.getKey()))
                        .max(Comparator.comparingLong(TensorEntry::bytes))
                        .map(TensorEntry::dtype));
    }
}
