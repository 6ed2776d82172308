package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Dropout;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A base model with a head for a {@link Task}: ids {@code [batch, seq]} to transformers' output of that task. The loss is computed for filled
 * masks only.
 */
public final class HeadedModel extends Module {
    /** Labels of -100 count for nothing, as torch's cross_entropy has it. */
    private static final Kernel MASKED_LOSS = Kernel.define(
            "masked language model loss",
            "logits: Tensor, labels: Tensor",
            "Tensor",
            "flat = torch.view(logits, [-1, torch.size(logits, -1)])",
            "return torch.cross_entropy_loss(flat, torch.view(labels, [-1]))");

    /** The last token of each row that is neither masked nor a pad by its id; the first where there is none. */
    private static final Kernel LAST_TOKEN = Kernel.define(
            "last token",
            "scores: Tensor, ids: List[Tensor], masks: List[Tensor], pad: int",
            "Tensor",
            "at = torch.arange(torch.size(scores, 1), dtype=4, device=ops.prim.device(scores))",
            "at = torch.expand(torch.unsqueeze(at, 0), [torch.size(scores, 0), -1])",
            "for given in ids:",
            "  at = torch.mul(at, torch.ne(given, pad))",
            "for given in masks:",
            "  at = torch.mul(at, torch.ne(given, 0))",
            "last = torch.reshape(torch.argmax(at, -1), [-1, 1, 1])",
            "last = torch.expand(last, [-1, 1, torch.size(scores, 2)])",
            "return torch.squeeze(torch.gather(scores, 1, last), 1)");

    private final String className;
    private final BaseCall baseCall;
    private final Module model;
    private final Task task;
    private final @Nullable Dropout dropout;
    private final Module head;
    private final @Nullable Long padId;

    /** What the head's values are. */
    public enum Task {
        /** Scores of each token for the word in its place. */
        MASKED_LM,
        /** Scores of a text, read at its last token. */
        SEQUENCE_BY_LAST_TOKEN,
        /** Scores of a text, read from the base model's pooled output. */
        SEQUENCE_BY_POOLER,
        /** Scores of each token. */
        TOKENS,
        /** How well an answer starts and ends at each token. */
        SPANS
    }

    /**
     * A task's head.
     *
     * @param name where the head is registered
     * @param module hidden states to scores
     * @param dropout what hidden states go through before; registered under {@code dropout} where there is one
     */
    public record Head(
            Task task, String name, Module module, @Nullable Dropout dropout) {}

    /** @param padId the id of pads, which a text does not end with; null where the config has none */
    public HeadedModel(
            String className, String modelName, Module model, BaseCall baseCall, Head head, @Nullable Long padId) {
        this.className = className;
        this.baseCall = baseCall;
        this.model = child(modelName, model);
        this.task = head.task();
        this.dropout = head.dropout() == null ? null : child("dropout", head.dropout());
        this.head = child(head.name(), head.module());
        this.padId = padId;
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Tensor labels = call.labels();
        if (labels != null && task != Task.MASKED_LM) {
            throw new IllegalArgumentException("labels are not supported by " + className
                    + ": its loss is not computed here; compute it from the logits");
        }
        Object base = model.call(baseCall.args(args));
        Tensor hidden = task == Task.SEQUENCE_BY_POOLER && base instanceof Map<?, ?> entries
                ? Outputs.tensor(entries.get("pooler_output"))
                : Outputs.first(base);
        Tensor scores = head.call(dropout == null ? hidden : dropout.call(hidden));
        ModelOutput output = switch (task) {
            case MASKED_LM ->
                new ModelOutput("MaskedLMOutput")
                        .with("loss", labels == null ? null : MASKED_LOSS.tensor(scores, labels))
                        .with("logits", scores);
            case SEQUENCE_BY_LAST_TOKEN ->
                new ModelOutput("SequenceClassifierOutputWithPast").with("logits", atLastToken(scores, call));
            case SEQUENCE_BY_POOLER -> new ModelOutput("SequenceClassifierOutput").with("logits", scores);
            case TOKENS -> new ModelOutput("TokenClassifierOutput").with("logits", scores);
            case SPANS ->
                new ModelOutput("QuestionAnsweringModelOutput")
                        .with("start_logits", scores.select(-1, 0))
                        .with("end_logits", scores.select(-1, 1));
        };
        return passedOn(base, output);
    }

    private ModelOutput passedOn(@Nullable Object base, ModelOutput output) {
        if (base instanceof Map<?, ?> entries) {
            if (task == Task.SEQUENCE_BY_LAST_TOKEN) {
                output.with("past_key_values", entries.get("past_key_values"));
            }
            output.with("hidden_states", entries.get("hidden_states")).with("attentions", entries.get("attentions"));
        }
        return output;
    }

    private Tensor atLastToken(Tensor scores, DecoderCall call) {
        Tensor ids = call.inputIds();
        Tensor mask = call.attentionMask();
        boolean isWhole = mask == null || mask.dimensions() != 2 || mask.size(1) != scores.size(1);
        return LAST_TOKEN.tensor(
                scores,
                ids != null && padId != null ? List.of(ids.reshape(-1, scores.size(1))) : List.of(),
                mask == null || isWhole ? List.of() : List.of(mask),
                padId == null ? 0L : padId);
    }

    @Override
    public String className() {
        return className;
    }
}
