package io.sightline.family.gpt2;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.util.Set;

/** Builds GPT-2. */
public final class Gpt2Family implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt2");
    }

    @Override
    public Module build(ModelConfig config, AttentionKind attention) {
        return new GPT2LMHeadModel(Gpt2Settings.of(config), attention);
    }

    @Override
    public WeightNames weightNames(ModelConfig config) {
        WeightNames.Builder names =
                WeightNames.withBasePrefix("transformer").ignore("(^|\\.)h\\.\\d+\\.attn\\.(bias|masked_bias)$");
        if (config.flag("tie_word_embeddings", true)) {
            names.tie("lm_head.weight", "transformer.wte.weight");
        }
        return names.build();
    }
}
