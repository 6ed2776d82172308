package io.sightline.job.run;

import io.sightline.engine.Torch;
import io.sightline.job.model.Host;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.TaskDevice;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.Manifest;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;

/** Who wrote a chunk, and on what: kept in the commit record of each chunk, so that it is known after any number of sessions. */
final class Workers {
    private Workers() {}

    /** This executor, computing with {@code model}. */
    static Map<String, String> describe(LoadedModel model, TaskDevice device) {
        Map<String, String> worker = new TreeMap<>();
        worker.put("executor", SparkEnv.get().executorId());
        worker.put("host", Host.name());
        worker.put("device", model.device().toString());
        worker.put("dtype", model.dtype().shortName());
        worker.put("threads", Integer.toString(Torch.threads()));
        if (device.gpu() != null) {
            worker.put("gpu", device.gpu());
        }
        return worker;
    }

    /** What the chunks were really computed with; the driver, which looked before, may have no GPU where the executors have. */
    static Manifest.Environment environment(Collection<CommitRecord> chunks, Manifest.Environment driver) {
        return new Manifest.Environment(
                all(chunks, "dtype", driver.dtype()), all(chunks, "device", driver.device()), driver.attention());
    }

    /** {@code float32}; or {@code bfloat16, float32} where executors differ. */
    private static String all(Collection<CommitRecord> chunks, String key, String otherwise) {
        String values = chunks.stream()
                .map(chunk -> chunk.worker().get(key))
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return values.isEmpty() ? otherwise : values;
    }
}
