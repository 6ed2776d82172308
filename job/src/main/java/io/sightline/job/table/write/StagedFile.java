package io.sightline.job.table.write;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.files.StoredFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/** One table's file of a chunk in the staging place, for parquet-java to write. */
final class StagedFile implements OutputFile, AutoCloseable {
    private static final int STREAM_BUFFER_BYTES = 1 << 16;

    private final StoredFiles files;
    private final Path path;
    private @Nullable ChecksummedOutput output;

    StagedFile(StoredFiles files, Path path) {
        this.files = files;
        this.path = path;
    }

    Path path() {
        return path;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return createOrOverwrite(blockSizeHint);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        output = new ChecksummedOutput(new BufferedOutputStream(files.create(path), STREAM_BUFFER_BYTES));
        return output;
    }

    @Override
    public boolean supportsBlockSize() {
        return false; // row groups follow the data, (name, module) by (name, module), not HDFS blocks
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return path.toString();
    }

    /** Closes the file if its writer did not come to that. */
    @Override
    public void close() throws IOException {
        if (output != null) {
            output.close();
        }
    }

    /** What the commit record says of this file once it stands at {@code finalPath}, relative to the run directory. */
    CommitRecord.FileEntry entry(RunTable table, String finalPath, long rows) {
        if (output == null) {
            throw new IllegalStateException(path + " was not written");
        }
        return new CommitRecord.FileEntry(table.directoryName(), finalPath, rows, output.getPos(), output.crc32c());
    }
}
