package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.TableSchemas;
import io.sightline.job.table.files.StoredFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Writes a run's {@code vocabulary/}, one file that belongs to no chunk. */
public final class VocabularyFile {
    private static final String NAME = RunDirectory.VOCABULARY + ".parquet";

    private VocabularyFile() {}

    /**
     * Writes the file whole or not at all, in place of an earlier one. Only the driver calls it.
     *
     * @param tokens by id; nothing is written where there are none
     */
    public static void write(RunDirectory run, Map<Long, String> tokens, WriteOptions options, Configuration hadoop)
            throws IOException {
        if (tokens.isEmpty()) {
            return;
        }
        List<InternalRow> rows = new TreeMap<>(tokens)
                .entrySet().stream().map(VocabularyFile::row).toList();
        StoredFiles files = run.files(hadoop);
        Path staged = new Path(run.staging(), NAME);
        files.makeDirectory(run.staging());
        try (StagedFile file = new StagedFile(files, staged)) {
            RowFile.write(file, TableSchemas.VOCABULARY, rows, options.compression(), hadoop);
        }
        files.makeDirectory(run.vocabulary());
        files.replace(staged, new Path(run.vocabulary(), NAME));
    }

    private static InternalRow row(Map.Entry<Long, String> token) {
        return new GenericInternalRow(
                new Object[] {token.getKey().intValue(), UTF8String.fromString(token.getValue())});
    }
}
