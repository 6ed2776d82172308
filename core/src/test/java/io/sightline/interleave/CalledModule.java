package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module of one tensor as a model for graphs: each invoke gives a list with its rows.
 *
 * @param canEndEarly whether a pass may end after the last place that is read
 */
record CalledModule(Module module, boolean canEndEarly) implements RunnableModel {
    @Override
    public Device device() {
        return Device.CPU;
    }

    @Override
    public PreparedBatch prepare(List<@Nullable Object> inputs) {
        List<Tensor> rows =
                inputs.stream().map(input -> (Tensor) ((List<?>) input).get(0)).toList();
        return new PreparedBatch(
                Args.of(Tensor.cat(rows, 0)),
                rows.stream().mapToInt(row -> (int) row.size(0)).toArray());
    }

    @Override
    public boolean canEndEarly(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        return canEndEarly;
    }

    @Override
    public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        return module.call(batch.args());
    }
}
