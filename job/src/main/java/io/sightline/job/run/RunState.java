package io.sightline.job.run;

/** What an output directory holds when a session looks at it. {@link RunFolder} has the transitions, docs/RUNS.md the table of them. */
enum RunState {
    /** Nothing, or what a process left that was killed before it wrote who it was. */
    FREE,
    /** A run that is not complete. */
    STARTED,
    /** A complete run. */
    COMPLETE,
    /** A run, and in {@code _next/} another one that is to replace it and is not complete. */
    SUCCESSOR_STARTED,
    /** A complete run that counts and is not in its place yet. */
    DECIDED,
    /** Something else, which no mode touches. */
    FOREIGN
}
