package io.sightline.family.opt;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.BaseCall;
import io.sightline.family.parts.CausalLm;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.TaskHeads;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Set;

/** Builds OPT. */
public final class OptFamily implements Family {
    private static final BaseCall CALL = new BaseCall(
            false,
            List.of(
                    "attention_mask",
                    "position_ids",
                    "head_mask",
                    "past_key_values",
                    "inputs_embeds",
                    "use_cache",
                    "output_attentions",
                    "output_hidden_states",
                    "cache_position"),
            List.of(),
            false);

    @Override
    public Set<String> modelTypes() {
        return Set.of("opt");
    }

    @Override
    public Module build(ModelConfig config, AttentionKind attention) {
        OptSettings settings = OptSettings.of(config);
        OPTModel model = new OPTModel(settings, attention);
        return new TaskHeads(config, "OPT", CALL, settings.embeddingWidth())
                .model(model, "model", "model", "score")
                .orElseGet(() -> causalLm(settings, model));
    }

    /** As in transformers 4.57 the head calls model.decoder, and model itself is never called. */
    private static Module causalLm(OptSettings settings, OPTModel model) {
        Linear head = new Linear(settings.embeddingWidth(), settings.vocabulary(), Linear.Bias.WITHOUT);
        return new CausalLm(
                "OPTForCausalLM",
                "model",
                model,
                model.decoder(),
                "lm_head",
                head,
                CausalLm.Switches.LLAMA.calling(CALL));
    }

    @Override
    public ModelConfig fitted(ModelConfig config, Set<String> tensors) {
        return TaskHeads.withoutMissingHead(
                config, "OPTForCausalLM", "OPTModel", List.of("lm_head.weight"), isTied(config), tensors);
    }

    private static boolean isTied(ModelConfig config) {
        return config.flag("tie_word_embeddings", true);
    }

    /** Checkpoints of the bare model start at {@code decoder.}; the oldest call the final norm {@code layer_norm}. */
    @Override
    public WeightNames weightNames(ModelConfig config) {
        WeightNames.Builder names =
                WeightNames.withBasePrefix("model").rename("decoder\\.layer_norm\\.", "decoder.final_layer_norm.");
        if (isTied(config)) {
            names.tie("lm_head.weight", "model.decoder.embed_tokens.weight");
        }
        return names.build();
    }
}
