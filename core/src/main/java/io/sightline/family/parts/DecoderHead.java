package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The switches of a {@link Decoder}'s heads and names, and what is built of them around the base model. */
final class DecoderHead {
    private final ModelConfig config;
    private final String prefix;
    String baseName = "model";
    String embeddingPath = "embed_tokens";
    String modelClass = "Model";
    String spansBaseName = "model";
    String tokenHeadName = "score";
    String headClass = "ForCausalLM";
    String headName = "lm_head";
    Linear.Bias bias = Linear.Bias.WITHOUT;
    UnaryOperator<CausalLm.Switches> switches = given -> given;
    boolean tiedByDefault;
    Consumer<WeightNames.Builder> names = builder -> {};

    DecoderHead(ModelConfig config, String prefix) {
        this.config = config;
        this.prefix = prefix;
    }

    /** The model that {@code architectures} names, around {@code base}. */
    Module around(Module base, DecoderShape shape) {
        CausalLm.Switches chosen = switches.apply(CausalLm.Switches.LLAMA);
        return new TaskHeads(config, prefix, chosen.baseCall(), shape.width())
                .model(base, baseName, spansBaseName, tokenHeadName)
                .orElseGet(() -> {
                    Linear head = new Linear(shape.width(), shape.vocabulary(), bias);
                    return new CausalLm(prefix + headClass, baseName, base, base, headName, head, chosen);
                });
    }

    ModelConfig fitted(Set<String> tensors) {
        return TaskHeads.withoutMissingHead(
                config,
                prefix + headClass,
                prefix + modelClass,
                List.of(headName + ".weight", "lm_head.weight"),
                isTied(),
                tensors);
    }

    private boolean isTied() {
        return config.flag("tie_word_embeddings", tiedByDefault);
    }

    WeightNames weightNames() {
        WeightNames.Builder builder =
                WeightNames.withBasePrefixes(baseName, spansBaseName).ignore("rotary_emb\\.inv_freq$");
        names.accept(builder);
        if (isTied()) {
            builder.tie(headName + ".weight", baseName + "." + embeddingPath + ".weight");
        }
        return builder.build();
    }
}
