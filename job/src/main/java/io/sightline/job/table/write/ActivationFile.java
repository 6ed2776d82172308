package io.sightline.job.table.write;

import io.sightline.job.table.Columns;
import io.sightline.job.table.TableSchemas;
import io.sightline.job.table.VectorType;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Writes {@code activations/chunk-N.parquet}: group after group, each in row groups of its own. */
final class ActivationFile implements AutoCloseable {
    private static final int ELEMENT_LEVEL = 2;

    private final PageFile page;
    private final PageEncoder floats;
    private final PageEncoder halves;
    private final WriteOptions options;
    private final ActivationScalars scalars;
    private final ContentChecksum checksum = new ContentChecksum();
    private long rows;

    ActivationFile(StagedFile target, RowStore store, WriteOptions options, Configuration hadoop) throws IOException {
        this.options = options;
        this.page = new PageFile(target, TableSchemas.ACTIVATIONS, options, hadoop);
        this.scalars = new ActivationScalars(page);
        this.floats = new FloatListPages(store, page.leaf(Columns.VECTOR).getPrimitiveType(), ELEMENT_LEVEL);
        this.halves = new HalfBytesPages(store, page.leaf(Columns.VECTOR_F16).getPrimitiveType());
    }

    /** @param groups in file order */
    void write(List<GroupRows> groups) throws IOException {
        for (GroupRows group : groups) {
            for (List<ActivationRun> part : Sliceable.cut(group.sorted(), options.maxRowGroupBytes())) {
                writeRowGroup(group.group(), part);
            }
        }
        page.end(FileMetadata.ofActivations(options.metadata(), groups));
    }

    private void writeRowGroup(ActivationGroup group, List<ActivationRun> runs) throws IOException {
        long count = runs.stream().mapToLong(run -> run.rows().rows()).sum();
        page.file().startBlock(count);
        scalars.write(group, runs);
        RowChecksums checksums = new RowChecksums(group, runs, checksum);
        if (group.type() == VectorType.FLOAT32) {
            page.pages().write(page.leaf(Columns.VECTOR), floats, runs, checksums);
            scalars.writeNulls(Columns.VECTOR_F16, count);
        } else {
            scalars.writeNulls(Columns.VECTOR, count);
            page.pages().write(page.leaf(Columns.VECTOR_F16), halves, runs, checksums);
        }
        page.file().endBlock();
        rows += count;
    }

    long rows() {
        return rows;
    }

    String checksum() {
        return checksum.hexDigits();
    }

    @Override
    public void close() {
        page.close();
    }
}
