package io.sightline.job.run;

/** Where tasks run, as seen from the driver. */
public enum TaskPlace {
    /** In the driver's JVM, with the model that it opened. */
    HERE,
    /** On executors, which open models of their own; the driver needs no weights. */
    EXECUTORS
}
