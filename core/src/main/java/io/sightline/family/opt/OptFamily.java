package io.sightline.family.opt;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.util.Set;

/** Builds OPT. */
public final class OptFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("opt");
    }

    @Override
    public Module build(ModelConfig config, AttentionKind attention) {
        return new OPTForCausalLM(OptSettings.of(config), attention);
    }

    /** Checkpoints of the bare model start at {@code decoder.}; the oldest call the final norm {@code layer_norm}. */
    @Override
    public WeightNames weightNames(ModelConfig config) {
        WeightNames.Builder names =
                WeightNames.withBasePrefix("model").rename("decoder\\.layer_norm\\.", "decoder.final_layer_norm.");
        if (config.flag("tie_word_embeddings", true)) {
            names.tie("lm_head.weight", "model.decoder.embed_tokens.weight");
        }
        return names.build();
    }
}
