package io.sightline.job.table.iceberg;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.write.ChunkIdentity;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.PromptRow;
import io.sightline.job.table.write.RunWriter;
import io.sightline.job.table.write.WriteOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** Committed chunks of one prompt each. */
public final class PromptChunks {
    private PromptChunks() {}

    /** @param kept string columns */
    public static List<CommitRecord> write(RunDirectory run, StructType kept, int count, Configuration hadoop) {
        RunWriter writer = RunWriter.of(run, WriteOptions.DEFAULT.withKept(kept), hadoop);
        List<CommitRecord> records = new ArrayList<>();
        for (int chunk = 0; chunk < count; chunk++) {
            try (ChunkWriter open = writer.open(new ChunkIdentity(chunk, "a"))) {
                List<Object> values = new ArrayList<>(Collections.nCopies(kept.size(), "kept"));
                open.prompt(new PromptRow(new PromptRef(0, "p" + chunk), "text", new int[] {1}, null, 1, values));
                records.add(open.commit());
            }
        }
        return records;
    }
}
