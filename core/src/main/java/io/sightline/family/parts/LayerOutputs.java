package io.sightline.family.parts;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.ModelOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks hidden states through the layers, keeping every one, and every layer's attention probabilities, where the call asks for {@code
 * output_hidden_states} or {@code output_attentions}, and freeing each as soon as the next is there where it does not.
 */
public final class LayerOutputs {
    private final @Nullable List<@Nullable Object> hiddenStates;
    private final @Nullable List<@Nullable Object> attentions;

    private LayerOutputs(boolean keepHidden, boolean keepAttentions) {
        hiddenStates = keepHidden ? new ArrayList<>() : null;
        attentions = keepAttentions ? new ArrayList<>() : null;
    }

    public static LayerOutputs askedFor(DecoderCall call) {
        return new LayerOutputs(call.isTrue("output_hidden_states"), call.isTrue("output_attentions"));
    }

    /** As {@link #askedFor}, for layers that return hidden states only. */
    static LayerOutputs hiddenStatesAskedFor(DecoderCall call) {
        return new LayerOutputs(call.isTrue("output_hidden_states"), false);
    }

    /**
     * Goes from a layer's input to its output.
     *
     * @param entered the layer's input
     * @param output what the layer returned: hidden states, or a tuple that starts with them
     * @return the hidden states to go on with
     */
    public Tensor next(Tensor entered, @Nullable Object output) {
        Tensor left = Outputs.first(output);
        if (hiddenStates != null) {
            hiddenStates.add(entered);
        } else if (left != entered) {
            Scope.discard(entered);
        }
        if (attentions != null && output instanceof Tuple tuple) {
            attentions.add(tuple.size() > 1 ? tuple.get(1) : null);
        }
        return left;
    }

    /** Adds what was kept to the base model's output; the last hidden state is the one after the final norm. */
    public ModelOutput addTo(ModelOutput output, Tensor afterFinalNorm) {
        if (hiddenStates != null) {
            hiddenStates.add(afterFinalNorm);
            output.with("hidden_states", Tuple.copyOf(hiddenStates));
        }
        return attentions == null ? output : output.with("attentions", Tuple.copyOf(attentions));
    }
}
