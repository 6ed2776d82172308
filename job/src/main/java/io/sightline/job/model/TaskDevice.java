package io.sightline.job.model;

import io.sightline.engine.Torch;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a task computes: on the GPU that Spark assigned to it, else where the job file says.
 *
 * @param name {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<index>}
 * @param gpu the address of the GPU that Spark assigned to the task; null where it assigned none
 */
public record TaskDevice(String name, @Nullable String gpu) {
    private static final Logger LOG = LoggerFactory.getLogger(TaskDevice.class);

    /** @param choice {@code model.device} of the job file */
    public static TaskDevice ofCallingTask(String choice) {
        TaskContext task = TaskContext.get();
        return of(task == null ? Map.of() : task.resourcesJMap(), choice);
    }

    private static TaskDevice of(Map<String, ResourceInformation> resources, String choice) {
        ResourceInformation gpus = resources.get("gpu");
        return gpus == null || gpus.addresses().length == 0
                ? new TaskDevice(choice, null)
                : assigned(gpus.addresses()[0], choice, Torch.gpuCount());
    }

    /**
     * The device for a task that has the GPU at {@code address}.
     *
     * @param usableGpus how many GPUs the natives can use here
     * @throws IllegalArgumentException if the address is not an index
     */
    public static TaskDevice assigned(String address, String choice, int usableGpus) {
        if (choice.equals("cpu")) {
            return new TaskDevice("cpu", address);
        }
        if (choice.equals("auto") && usableGpus == 0) {
            LOG.warn(
                    "Spark assigned GPU {}, but the natives find no GPU here: computing on the CPU. Is this a build without -Pgpu?",
                    address);
            return new TaskDevice("cpu", address);
        }
        if (!address.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("Spark assigned GPU '" + address
                    + "', expected an index such as 0; let spark.executor.resource.gpu.discoveryScript print indices, as"
                    + " scripts/gpu-discovery does");
        }
        return new TaskDevice("cuda:" + address, address);
    }
}
