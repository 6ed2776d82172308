package io.sightline.job.run;

import io.sightline.job.extract.ExtractionPlan;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.write.WriteOptions;
import java.io.Serializable;

/**
 * All that an executor needs to work on a run; broadcast once.
 *
 * @param extraction its id is unique, to tell this session of the run from others
 * @param plannedRows prompts of each chunk
 */
record Assignment(ExtractionPlan extraction, int[] plannedRows, RunDirectory run, WriteOptions options)
        implements Serializable {
    String runId() {
        return extraction.id();
    }
}
