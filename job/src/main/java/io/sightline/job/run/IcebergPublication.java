package io.sightline.job.run;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.iceberg.IcebergRun;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts chunks that have a commit record into the Iceberg tables: every few seconds those that are new, in one snapshot a table, so that
 * snapshots stay few however many chunks there are. A run that replaces another is shown when it is complete, all at once.
 */
final class IcebergPublication implements Publication {
    private static final Logger LOG = LoggerFactory.getLogger(IcebergPublication.class);
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final RunDirectory run;
    private final IcebergRun tables;
    private final Configuration hadoop;
    private final boolean replacing;
    private final Set<String> published = new HashSet<>();
    private boolean finished;
    private final ScheduledExecutorService timer;

    private IcebergPublication(RunDirectory run, IcebergRun tables, Configuration hadoop) {
        this.run = run;
        this.tables = tables;
        this.hadoop = hadoop;
        this.replacing = tables.showsAnotherRun();
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sightline iceberg snapshots");
            thread.setDaemon(true);
            return thread;
        });
    }

    static Publication start(RunDirectory run, IcebergRun tables, Configuration hadoop) {
        return start(run, tables, hadoop, EVERY);
    }

    /** @param every how long new chunks may wait for their snapshot */
    static Publication start(RunDirectory run, IcebergRun tables, Configuration hadoop, Duration every) {
        IcebergPublication publication = new IcebergPublication(run, tables, hadoop);
        if (!publication.replacing) {
            publication.timer.scheduleWithFixedDelay(
                    publication::publishNew, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return publication;
    }

    /** What fails here is done again later, and last of all where failing counts. */
    private void publishNew() {
        try {
            FileSystem files = run.fileSystem(hadoop);
            List<CommitRecord> fresh = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (FileStatus status : files.listStatus(run.commits())) {
                String name = status.getPath().getName();
                if (!published.contains(name) && name.startsWith("chunk-") && name.endsWith(".json")) {
                    fresh.add(CommittedChunks.readRecord(files, status.getPath()));
                    names.add(name);
                }
            }
            tables.append(fresh);
            published.addAll(names);
        } catch (FileNotFoundException nothingCommitted) {
            LOG.debug("no chunk is committed yet", nothingCommitted);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot add chunks to the Iceberg tables of {} now: {}", run, e.getMessage());
        }
    }

    @Override
    public void finish(CommittedChunks all) {
        stopTimer();
        if (replacing) {
            tables.replaceBy(all.records());
        } else {
            tables.append(all.records());
        }
        finished = true;
    }

    @Override
    public void close() {
        stopTimer();
        if (!finished && !replacing) {
            publishNew();
        }
    }

    private void stopTimer() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("a snapshot of {} is still being made", run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
