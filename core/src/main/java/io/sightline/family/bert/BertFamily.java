package io.sightline.family.bert;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.util.Set;

/** Builds BERT with its masked language model head. */
public final class BertFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("bert");
    }

    @Override
    public Module build(ModelConfig config, AttentionKind attention) {
        return new BertForMaskedLM(BertSettings.of(config), attention);
    }

    /** The first checkpoints spell a norm's weight and bias gamma and beta; pooler and next-sentence head have no place here. */
    @Override
    public WeightNames weightNames(ModelConfig config) {
        WeightNames.Builder names = WeightNames.withBasePrefix("bert")
                .rename("LayerNorm\\.gamma$", "LayerNorm.weight")
                .rename("LayerNorm\\.beta$", "LayerNorm.bias")
                .ignore("embeddings\\.position_ids$")
                .ignore("(^|\\.)pooler\\.")
                .ignore("^cls\\.seq_relationship\\.");
        if (config.flag("tie_word_embeddings", true)) {
            names.tie("cls.predictions.decoder.bias", "cls.predictions.bias");
            names.tie("cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight");
        } else {
            // transformers 5 keeps the two biases apart, transformers 4 has one by two names.
            names.tieIfAbsent("cls.predictions.decoder.bias", "cls.predictions.bias");
        }
        return names.build();
    }
}
