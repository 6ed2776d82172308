package io.sightline.job.model;

import org.apache.spark.SparkContext;

/**
 * How many CPU threads one task slot may use, so that slots, and executors on one machine, don't trample each other. On a cluster it is what Spark
 * grants a task, {@code spark.task.cpus}; in local mode the machine's cores are divided between the slots.
 */
public final class TaskThreads {
    private TaskThreads() {}

    public static int of(SparkContext context) {
        int cpus = context.conf().getInt("spark.task.cpus", 1);
        if (!context.isLocal()) {
            return cpus;
        }
        int slots = Math.max(1, context.defaultParallelism() / cpus);
        return Math.max(1, Runtime.getRuntime().availableProcessors() / slots);
    }
}
