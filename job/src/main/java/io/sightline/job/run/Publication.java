package io.sightline.job.run;

import io.sightline.job.table.CommittedChunks;

/** What makes committed chunks visible to readers, beyond their files being where they are. For Parquet that is all there is to it. */
interface Publication extends AutoCloseable {
    /** Files in their places are all that readers need. */
    Publication NONE = new Publication() {
        @Override
        public void finish(CommittedChunks all) {}

        @Override
        public void close() {}
    };

    /** Makes the complete run visible. */
    void finish(CommittedChunks all);

    /** Ends work in the background; where the run is not complete, what is committed is made visible first. */
    @Override
    void close();
}
