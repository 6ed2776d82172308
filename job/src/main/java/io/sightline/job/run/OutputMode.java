package io.sightline.job.run;

/** What to do about an output directory that exists. */
public enum OutputMode {
    /** Refuse. */
    CREATE,
    /** Do the chunks that are missing, if it is the same job. */
    RESUME,
    /** Replace the run that is there when the new one is complete. */
    OVERWRITE
}
