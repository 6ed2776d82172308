package io.sightline.family.parts;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.HookHandle;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the attention probabilities of layers that return hidden states only, by a hook on each layer's attention, which is made eager
 * meanwhile (transformers' {@code OutputRecorder}). One call of a base model, one thread.
 */
final class RecordedAttentions implements AutoCloseable {
    private final List<HookHandle> handles = new ArrayList<>();
    private final List<@Nullable Tensor> probabilities = new ArrayList<>();

    /** Watches nothing: the layers themselves return what was asked for. */
    static RecordedAttentions none() {
        return new RecordedAttentions();
    }

    /** Watches nothing unless {@code output_attentions} asks for it. */
    static RecordedAttentions askedFor(DecoderCall call, Iterable<Module> layers) {
        RecordedAttentions recorded = new RecordedAttentions();
        if (call.isTrue("output_attentions")) {
            for (Module layer : layers) {
                layer.namedChildren().values().stream()
                        .filter(AttentionModule.class::isInstance)
                        .forEach(recorded::watch);
            }
        }
        return recorded;
    }

    private void watch(Module attention) {
        handles.add(((AttentionModule) attention).attentionSwitch().forceEager());
        handles.add(attention.registerForwardHook((module, args, output) -> {
            boolean hasThem = output instanceof Tuple tuple && tuple.size() > 1 && tuple.get(1) instanceof Tensor;
            // The attention's own scope would free them.
            probabilities.add(hasThem ? Outputs.tensor(output, 1).share().release() : null);
            return output;
        }));
    }

    /** Adds {@code attentions} where they were asked for, owned by the current scope. */
    ModelOutput addTo(ModelOutput output) {
        if (handles.isEmpty()) {
            return output;
        }
        List<@Nullable Object> shared = new ArrayList<>();
        probabilities.forEach(each -> shared.add(each == null ? null : each.share()));
        return output.with("attentions", Tuple.copyOf(shared));
    }

    @Override
    public void close() {
        handles.forEach(HookHandle::close);
        probabilities.forEach(each -> {
            if (each != null) {
                each.close();
            }
        });
    }
}
