package io.sightline.family.bert;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.bert.BertModel.Pooling;
import io.sightline.family.parts.BaseCall;
import io.sightline.family.parts.Family;
import io.sightline.family.parts.HeadedModel;
import io.sightline.family.parts.HeadedModel.Head;
import io.sightline.family.parts.HeadedModel.Task;
import io.sightline.family.parts.TaskHeads;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Dropout;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Set;

/** Builds BERT with its masked language model head. */
public final class BertFamily implements Family {
    private static final String POOLING = "add_pooling_layer";
    private static final BaseCall CALL = new BaseCall(
            true,
            List.of(
                    "attention_mask",
                    "token_type_ids",
                    "position_ids",
                    "head_mask",
                    "inputs_embeds",
                    "encoder_hidden_states",
                    "encoder_attention_mask",
                    "output_attentions",
                    "output_hidden_states"),
            List.of(),
            true);

    @Override
    public Set<String> modelTypes() {
        return Set.of("bert");
    }

    @Override
    public Module build(ModelConfig config, AttentionKind attention) {
        BertSettings settings = BertSettings.of(config);
        String architecture = TaskHeads.architecture(config);
        return switch (architecture) {
            case "BertModel" ->
                new BertModel(settings, attention, config.flag(POOLING, true) ? Pooling.FIRST_TOKEN : Pooling.NONE);
            case "BertForSequenceClassification" ->
                headed(config, attention, Pooling.FIRST_TOKEN, classifier(Task.SEQUENCE_BY_POOLER, config));
            case "BertForTokenClassification" ->
                headed(config, attention, Pooling.NONE, classifier(Task.TOKENS, config));
            case "BertForQuestionAnswering" ->
                headed(config, attention, Pooling.NONE, new Head(Task.SPANS, "qa_outputs", scores(config), null));
            default ->
                headed(
                        config.with("architectures", List.of("BertForMaskedLM")),
                        attention,
                        Pooling.NONE,
                        new Head(Task.MASKED_LM, "cls", new BertHead(settings), null));
        };
    }

    private static Module headed(ModelConfig config, AttentionKind attention, Pooling pooling, Head head) {
        BertModel base = new BertModel(BertSettings.of(config), attention, pooling);
        return new HeadedModel(TaskHeads.architecture(config), "bert", base, CALL, head, null);
    }

    private static Head classifier(Task task, ModelConfig config) {
        double dropout =
                config.number("classifier_dropout", BertSettings.of(config).dropout());
        return new Head(task, "classifier", scores(config), new Dropout(dropout));
    }

    private static Linear scores(ModelConfig config) {
        return new Linear(BertSettings.of(config).width(), config.labelCount(), Linear.Bias.WITH);
    }

    /** A bare model has a pooler where the file has weights for it. */
    @Override
    public ModelConfig fitted(ModelConfig config, Set<String> tensors) {
        boolean lacksPooler =
                !tensors.isEmpty() && tensors.stream().noneMatch(name -> name.matches("(bert\\.)?pooler\\..*"));
        return lacksPooler ? config.with(POOLING, false) : config;
    }

    /** The first checkpoints spell a norm's weight and bias gamma and beta; a next-sentence head, and a pooler that the model does not read, are passed over. */
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
