package io.sightline.family.gpt_neox;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.util.Set;

/** Builds GPT-NeoX. */
public final class GptNeoxFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt_neox");
    }

    @Override
    public Module build(ModelConfig config, AttentionKind attention) {
        return new GPTNeoXForCausalLM(NeoxSettings.of(config), attention);
    }

    @Override
    public WeightNames weightNames(ModelConfig config) {
        WeightNames.Builder names = WeightNames.withBasePrefix("gpt_neox")
                .rename("^lm_head\\.", "embed_out.")
                .ignore("\\.attention\\.(bias|masked_bias)$")
                .ignore("rotary_emb\\.inv_freq$");
        if (config.flag("tie_word_embeddings", false)) {
            names.tie("embed_out.weight", "gpt_neox.embed_in.weight");
        }
        return names.build();
    }
}
