package io.sightline.family.parts;

import io.sightline.engine.Tensor;
import io.sightline.nn.ModelOutput;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a causal language model returns, from what its base model returned. */
public final class CausalLmOutput {
    private static final List<String> PASSED_ON = List.of("past_key_values", "hidden_states", "attentions");

    private CausalLmOutput() {}

    /**
     * @param className transformers' class, {@code CausalLMOutputWithPast}
     * @param base the base model's output, whose first value is the last hidden state {@code [batch, seq, hidden]}
     * @param head hidden states to logits {@code [batch, kept, vocab]}
     */
    public static ModelOutput of(
            String className, DecoderCall call, @Nullable Object base, UnaryOperator<Tensor> head) {
        Tensor logits = head.apply(call.keptForLogits(Outputs.first(base)));
        Tensor labels = call.labels();
        ModelOutput output = new ModelOutput(className)
                .with("loss", labels == null ? null : CausalLoss.of(logits, labels))
                .with("logits", logits);
        if (base instanceof Map<?, ?> map) {
            PASSED_ON.forEach(key -> output.with(key, map.get(key)));
        }
        return output;
    }
}
