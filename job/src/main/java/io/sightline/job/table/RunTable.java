package io.sightline.job.table;

import java.util.Locale;

/** The four tables of a run directory. */
public enum RunTable {
    /** One row a captured vector. */
    ACTIVATIONS,
    /** One row a prompt and saved node of the graph. */
    VALUES,
    /** One row a prompt that went through the model. */
    PROMPTS,
    /** One row a prompt that did not. */
    ERRORS;

    /** The directory under the run directory, also the name of its SQL view: {@code activations}. */
    public String directoryName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
