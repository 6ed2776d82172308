package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.HeadedModel.Head;
import io.sightline.family.parts.HeadedModel.Task;
import io.sightline.nn.Dropout;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which model a checkpoint of a decoder holds, by {@code architectures}: the bare one, or one with a head for a task. */
public final class TaskHeads {
    private static final Logger LOG = LoggerFactory.getLogger(TaskHeads.class);

    private final ModelConfig config;
    private final String prefix;
    private final BaseCall baseCall;
    private final long width;

    /**
     * @param prefix of the family's classes, {@code Llama}
     * @param baseCall how heads call the base model
     * @param width of the hidden states that heads read
     */
    public TaskHeads(ModelConfig config, String prefix, BaseCall baseCall, long width) {
        this.config = config;
        this.prefix = prefix;
        this.baseCall = baseCall;
        this.width = width;
    }

    /** The first of {@code architectures}; empty where there is none. */
    public static String architecture(ModelConfig config) {
        List<String> all = config.strings("architectures");
        return all.isEmpty() ? "" : all.get(0);
    }

    /**
     * The model, where it has no language model head.
     *
     * @param baseName where the base model is registered
     * @param spansBaseName where it is in a model for questions and answers
     * @param tokenHead the name of a token classifier, {@code score} or {@code classifier}
     */
    public Optional<Module> model(Module base, String baseName, String spansBaseName, String tokenHead) {
        String architecture = architecture(config);
        if (architecture.equals(base.className())) {
            return Optional.of(base);
        }
        return switch (architecture.startsWith(prefix) ? architecture.substring(prefix.length()) : "") {
            case "ForSequenceClassification" ->
                Optional.of(headed(
                        baseName,
                        base,
                        new Head(Task.SEQUENCE_BY_LAST_TOKEN, "score", scores(Linear.Bias.WITHOUT), null)));
            case "ForTokenClassification" ->
                Optional.of(headed(
                        baseName,
                        base,
                        new Head(Task.TOKENS, tokenHead, scores(Linear.Bias.WITH), new Dropout(dropout()))));
            case "ForQuestionAnswering" ->
                Optional.of(headed(
                        spansBaseName,
                        base,
                        new Head(Task.SPANS, "qa_outputs", new Linear(width, 2, Linear.Bias.WITH), null)));
            default -> Optional.empty();
        };
    }

    private Module headed(String baseName, Module base, Head head) {
        Long padId = config.has("pad_token_id") ? (Long) config.integer("pad_token_id", 0) : null;
        return new HeadedModel(architecture(config), baseName, base, baseCall, head, padId);
    }

    private Linear scores(Linear.Bias bias) {
        return new Linear(width, config.labelCount(), bias);
    }

    private double dropout() {
        return config.number("classifier_dropout", config.number("hidden_dropout", 0.1));
    }

    /**
     * What a checkpoint that says it has a language model head holds: the bare model, where there is no weight for the head and none that it
     * shares.
     *
     * @param causal the class with the head
     * @param headWeights what the head's weight may be called in the file
     * @param tied whether the head shares the token embeddings' weight
     * @param tensors the names in the file; empty where they are not known
     */
    public static ModelConfig withoutMissingHead(
            ModelConfig config,
            String causal,
            String bare,
            List<String> headWeights,
            boolean tied,
            Set<String> tensors) {
        boolean isCausal =
                architecture(config).isEmpty() || architecture(config).equals(causal);
        if (!isCausal || tied || tensors.isEmpty() || headWeights.stream().anyMatch(tensors::contains)) {
            return config;
        }
        LOG.warn(
                "the checkpoint has no weight for {}'s head ({}), and config.json does not tie it to the embeddings"
                        + " (tie_word_embeddings); it is opened as {}, without a head",
                causal,
                String.join(" or ", headWeights),
                bare);
        return config.with("architectures", List.of(bare));
    }
}
