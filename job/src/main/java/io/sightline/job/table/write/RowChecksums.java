package io.sightline.job.table.write;

import java.util.Iterator;
import java.util.List;

/** Adds a row group's rows, as they pass in order, to the file's checksum. */
final class RowChecksums implements PageEncoder.RowBytes {
    private final ContentChecksum checksum;
    private final String[] groupParts;
    private final Iterator<ActivationRun> runs;
    private ActivationRun run;
    private long runSeed;
    private int row;

    /** @param runs the row group's, not empty */
    RowChecksums(ActivationGroup group, List<ActivationRun> runs, ContentChecksum checksum) {
        this.checksum = checksum;
        this.groupParts = new String[] {
            group.name(), group.module(), group.io(), group.type().shortName()
        };
        this.runs = runs.iterator();
        this.run = this.runs.next();
        this.runSeed = seed(run);
    }

    private long seed(ActivationRun next) {
        long named = ContentChecksum.seed(
                groupParts[0],
                groupParts[1],
                groupParts[2],
                groupParts[3],
                next.prompt().id());
        return ContentChecksum.seed(named, next.step());
    }

    @Override
    public void row(byte[] buffer, int offset, int length) {
        if (row == run.rows().rows()) {
            run = runs.next();
            runSeed = seed(run);
            row = 0;
        }
        int position = run.tokens().isPooled() ? -1 : run.tokens().positionOf(row);
        checksum.add(ContentChecksum.seed(runSeed, position), buffer, offset, length);
        row++;
    }
}
