package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a graph runs against: a language model, or a plain tree of modules. */
public interface RunnableModel {
    /** The root; paths of places are relative to it. */
    Module module();

    Device device();

    /**
     * Makes one batch of the invokes' inputs. Its tensors belong to the current scope.
     *
     * @param invokerInputs one for each invoke, as it is on the wire: a tuple of arguments that are tensors on the CPU, maps with
     *     {@code input_ids} …
     * @throws IllegalArgumentException if an input has no form that the model takes
     */
    PreparedBatch prepare(List<@Nullable Object> invokerInputs);

    /**
     * The forward pass, or the generation that the keywords ask for.
     *
     * @param kwargs the trace's own, {@code generate}, {@code max_new_tokens} …
     */
    @Nullable
    Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs);

    /**
     * Whether {@link #execute} may be cut short after the last place that the graph and the captures read: only where it calls each module
     * at most once, writes into no value that it has passed on, and keeps nothing for a later call.
     */
    default boolean canEndEarly(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        return false;
    }

    /**
     * The same model without data, on the meta device, to check shapes before a run; empty where there is none, or where its tree is not the
     * same any more.
     */
    default Optional<RunnableModel> withoutData() {
        return Optional.empty();
    }
}
