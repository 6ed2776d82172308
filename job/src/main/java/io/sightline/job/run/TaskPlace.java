package io.sightline.job.run;

/** Where tasks run, as seen from the driver. */
public enum TaskPlace {
    /** In the driver's JVM, with the model that it opened. */
    IN_DRIVER,
    /** On executors, which open their own models; the driver needs no weights. */
    EXECUTORS
}
