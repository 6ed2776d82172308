package io.sightline.job.run;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;

/** What this JVM did, as Spark's metrics system shows it under {@code plugin.io.sightline.job.run.JobPlugin}. */
final class RunMetrics {
    static final Counter PROMPTS = new Counter();
    static final Counter TOKENS = new Counter();
    static final Counter ERRORS = new Counter();
    static final Counter BATCHES = new Counter();
    static final Counter SPLITS = new Counter();
    static final Counter CAPTURED_BYTES = new Counter();
    static final Counter FORWARD_NANOS = new Counter();
    static final Counter WRITER_WAIT_NANOS = new Counter();

    private RunMetrics() {}

    static void register(MetricRegistry registry) {
        registry.register("prompts", PROMPTS);
        registry.register("tokens", TOKENS);
        registry.register("errors", ERRORS);
        registry.register("batches", BATCHES);
        registry.register("splits", SPLITS);
        registry.register("capturedBytes", CAPTURED_BYTES);
        registry.register("forwardNanos", FORWARD_NANOS);
        registry.register("writerWaitNanos", WRITER_WAIT_NANOS);
    }
}
