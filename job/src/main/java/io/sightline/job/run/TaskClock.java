package io.sightline.job.run;

/**
 * When a task began, which is before it read and tokenised its prompts.
 *
 * @param millis since the epoch
 */
record TaskClock(long nanos, long millis) {
    static TaskClock start() {
        return new TaskClock(System.nanoTime(), System.currentTimeMillis());
    }

    long elapsedNanos() {
        return System.nanoTime() - nanos;
    }
}
