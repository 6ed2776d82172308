package io.sightline.job.table.iceberg;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * One of a run's tables. Every snapshot that Sightline makes says in its summary which chunks it adds ({@code sightline.chunks}) of which run
 * ({@code sightline.run}, the data folder), so that rows and the record of them are one commit. A chunk's file has Iceberg's field ids by
 * the table's name mapping.
 */
final class IcebergTable {
    private static final String CHUNKS = "sightline.chunks";
    private static final String RUN = "sightline.run";
    private static final Pattern FILE = Pattern.compile(".*/chunk-(\\d{5,9})\\.parquet");
    private static final long NO_SNAPSHOT = -1;
    private static final int TRIES = 5;

    private final Table table;
    private final RunTable which;
    private final RunDirectory run;
    private Known known = new Known(Long.MIN_VALUE, Set.of());

    /** The chunks that were in the table as of a snapshot. */
    private record Known(long snapshot, Set<Integer> chunks) {}

    private IcebergTable(Table table, RunTable which, RunDirectory run) {
        this.table = table;
        this.which = which;
        this.run = run;
    }

    /** The table, made if it is not there. */
    static IcebergTable open(
            RunDirectory run,
            RunTable which,
            StructType columns,
            Map<String, String> properties,
            Configuration hadoop) {
        HadoopTables tables = new HadoopTables(hadoop);
        String location = run.table(which).toString();
        Schema schema = IcebergColumns.of(columns);
        if (!tables.exists(location)) {
            return new IcebergTable(create(tables, location, schema, properties), which, run);
        }
        IcebergTable opened = new IcebergTable(tables.load(location), which, run);
        if (opened.files().isEmpty()) {
            Transaction transaction = opened.table.newTransaction();
            IcebergColumns.conform(transaction, schema);
            transaction.commitTransaction();
        }
        return opened;
    }

    private static Table create(HadoopTables tables, String location, Schema schema, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put(TableProperties.FORMAT_VERSION, "2");
        all.put(TableProperties.DEFAULT_NAME_MAPPING, IcebergColumns.mapping(schema));
        all.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
        all.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
        return tables.create(schema, PartitionSpec.unpartitioned(), SortOrder.unsorted(), all, location);
    }

    /** Whether another run's rows are what the table shows: then this run's must take their place all at once. */
    boolean showsAnotherRun() {
        table.refresh();
        return files().stream().anyMatch(file -> !isOurs(file.location()));
    }

    /**
     * Adds the chunks that the table does not have yet, in one snapshot; none if it has them all. Whoever else commits to the table meanwhile
     * makes it look again.
     */
    void append(Collection<CommitRecord> records) {
        retrying(() -> {
            table.refresh();
            List<CommitRecord> missing = missing(records);
            if (!missing.isEmpty()) {
                Snapshot before = table.currentSnapshot();
                OverwriteFiles added = since(before, table.newOverwrite());
                dataFiles(missing, table).forEach(added::addFile);
                describe(added, missing).commit();
                remember(before, missing);
            }
        });
    }

    /** Puts {@code records}, the whole run, in the place of all that the table shows, in one snapshot; columns change with it. */
    void replaceBy(Collection<CommitRecord> records, StructType columns) {
        retrying(() -> {
            table.refresh();
            List<CommitRecord> missing = missing(records);
            List<DataFile> others =
                    files().stream().filter(file -> !isOurs(file.location())).toList();
            if (missing.isEmpty() && others.isEmpty()) {
                return;
            }
            Snapshot before = table.currentSnapshot();
            Transaction transaction = table.newTransaction();
            IcebergColumns.conform(transaction, IcebergColumns.of(columns));
            OverwriteFiles swap = since(before, transaction.newOverwrite());
            others.forEach(swap::deleteFile);
            dataFiles(missing, transaction.table()).forEach(swap::addFile);
            describe(swap, records).commit();
            transaction.commitTransaction();
        });
    }

    private List<CommitRecord> missing(Collection<CommitRecord> records) {
        Set<Integer> there = chunks();
        return records.stream()
                .filter(record -> !there.contains(record.chunk()))
                .toList();
    }

    /** Fails if anybody adds rows after {@code before}: what is to be added was chosen by what was there then. */
    private static OverwriteFiles since(@Nullable Snapshot before, OverwriteFiles files) {
        OverwriteFiles checked = before == null ? files : files.validateFromSnapshot(before.snapshotId());
        return checked.conflictDetectionFilter(Expressions.alwaysTrue()).validateNoConflictingData();
    }

    private static void retrying(Runnable commit) {
        for (int tries = 1; ; tries++) {
            try {
                commit.run();
                return;
            } catch (ValidationException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private OverwriteFiles describe(OverwriteFiles change, Collection<CommitRecord> records) {
        return change.set(RUN, run.dataFolder())
                .set(
                        CHUNKS,
                        ChunkRanges.write(
                                records.stream().map(CommitRecord::chunk).toList()));
    }

    /** This run's chunks in the table as it was last refreshed. */
    Set<Integer> chunks() {
        Snapshot current = table.currentSnapshot();
        long id = current == null ? NO_SNAPSHOT : current.snapshotId();
        if (known.snapshot() != id) {
            known = new Known(id, findChunks());
        }
        return known.chunks();
    }

    /** What was just added is known without looking, unless somebody else's snapshot came in between. */
    private void remember(@Nullable Snapshot before, List<CommitRecord> added) {
        Snapshot after = table.currentSnapshot();
        long parent = before == null ? NO_SNAPSHOT : before.snapshotId();
        if (known.snapshot() == parent && Objects.equals(after.parentId(), before == null ? null : parent)) {
            Set<Integer> chunks = new TreeSet<>(known.chunks());
            added.forEach(record -> chunks.add(record.chunk()));
            known = new Known(after.snapshotId(), chunks);
        }
    }

    /** By the summaries of the snapshots that led here, and by the files that are in the table now. */
    private Set<Integer> findChunks() {
        Set<Integer> chunks = new TreeSet<>();
        Snapshot snapshot = table.currentSnapshot();
        while (snapshot != null) {
            if (run.dataFolder().equals(snapshot.summary().get(RUN))) {
                chunks.addAll(ChunkRanges.read(snapshot.summary().getOrDefault(CHUNKS, "")));
            }
            Long parent = snapshot.parentId();
            snapshot = parent == null ? null : table.snapshot(parent);
        }
        for (DataFile file : files()) {
            Matcher name = FILE.matcher(file.location());
            if (isOurs(file.location()) && name.matches()) {
                chunks.add(Integer.valueOf(name.group(1)));
            }
        }
        return chunks;
    }

    /** Files without rows are left out. Footers are read side by side: on an object store each takes a while. */
    private List<DataFile> dataFiles(List<CommitRecord> records, Table into) {
        ChunkFooters footers = ChunkFooters.of(into);
        return records.parallelStream()
                .flatMap(record -> record.file(which).stream())
                .filter(entry -> entry.rows() > 0)
                .map(entry -> footers.read(checkOurs(entry), entry.bytes()))
                .toList();
    }

    private String checkOurs(CommitRecord.FileEntry entry) {
        String location = new Path(run.root(), entry.path()).toString();
        if (!isOurs(location)) {
            throw new IllegalStateException(location + " is not a file of this run, which has its files in "
                    + run.dataFolder() + "; run the job again with --overwrite");
        }
        return location;
    }

    private boolean isOurs(String location) {
        return location.contains("/" + which.directoryName() + "/" + run.dataFolder() + "/");
    }

    private List<DataFile> files() {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the metadata of " + table.location(), e);
        }
        return files;
    }
}
