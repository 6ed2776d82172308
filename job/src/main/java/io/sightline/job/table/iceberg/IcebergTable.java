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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
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
    private static final int TRIES = 5;

    private final Table table;
    private final RunTable which;
    private final RunDirectory run;

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
        Table table = tables.exists(location)
                ? tables.load(location)
                : create(tables, location, numbered(SparkSchemaUtil.convert(columns)), properties);
        return new IcebergTable(table, which, run);
    }

    private static Table create(HadoopTables tables, String location, Schema schema, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put(TableProperties.FORMAT_VERSION, "2");
        all.put(TableProperties.DEFAULT_NAME_MAPPING, mapping(schema));
        all.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
        all.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
        return tables.create(schema, PartitionSpec.unpartitioned(), SortOrder.unsorted(), all, location);
    }

    /** With the field ids that a new table gives them, whatever they were before: the name mapping needs to know. */
    private static Schema numbered(Schema schema) {
        AtomicInteger last = new AtomicInteger();
        return TypeUtil.assignFreshIds(0, schema, last::incrementAndGet);
    }

    private static String mapping(Schema schema) {
        return NameMappingParser.toJson(MappingUtil.create(schema));
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
            Set<Integer> there = chunks();
            List<CommitRecord> missing = records.stream()
                    .filter(record -> !there.contains(record.chunk()))
                    .toList();
            if (!missing.isEmpty()) {
                OverwriteFiles added = since(table.currentSnapshot(), table.newOverwrite());
                dataFiles(missing, table).forEach(added::addFile);
                describe(added, missing).commit();
            }
        });
    }

    /** Puts {@code records}, the whole run, in the place of all that the table shows, in one snapshot; columns change with it. */
    void replaceBy(Collection<CommitRecord> records, StructType columns) {
        retrying(() -> {
            table.refresh();
            Snapshot before = table.currentSnapshot();
            Transaction transaction = table.newTransaction();
            conform(transaction, SparkSchemaUtil.convert(columns));
            OverwriteFiles swap = since(before, transaction.newOverwrite());
            files().stream().filter(file -> !isOurs(file.location())).forEach(swap::deleteFile);
            Set<Integer> there = chunks();
            List<CommitRecord> missing = records.stream()
                    .filter(record -> !there.contains(record.chunk()))
                    .toList();
            dataFiles(missing, transaction.table()).forEach(swap::addFile);
            describe(swap, records).commit();
            transaction.commitTransaction();
        });
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

    /** This run's chunks in the table: by the summaries of the snapshots that led here, and by the files that are in it now. */
    Set<Integer> chunks() {
        Set<Integer> chunks = new TreeSet<>();
        Snapshot snapshot = table.currentSnapshot();
        while (snapshot != null) {
            if (run.dataFolder().equals(snapshot.summary().get(RUN))) {
                chunks.addAll(ChunkRanges.read(snapshot.summary().getOrDefault(CHUNKS, "")));
            }
            Long parent = snapshot.parentId();
            snapshot = parent == null ? null : table.snapshot(parent);
        }
        Pattern name = Pattern.compile(".*/chunk-(\\d{5,9})\\.parquet");
        for (DataFile file : files()) {
            Matcher matcher = name.matcher(file.location());
            if (isOurs(file.location()) && matcher.matches()) {
                chunks.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return chunks;
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

    /** Files without rows are left out. Footers are read side by side: on an object store each takes a while. */
    private List<DataFile> dataFiles(List<CommitRecord> records, Table into) {
        NameMapping mapping = MappingUtil.create(into.schema());
        MetricsConfig metrics = MetricsConfig.forTable(into);
        return records.parallelStream()
                .map(record -> record.file(which))
                .filter(entry -> entry.rows() > 0)
                .map(entry -> dataFile(entry, metrics, mapping))
                .toList();
    }

    private DataFile dataFile(CommitRecord.FileEntry entry, MetricsConfig metrics, NameMapping mapping) {
        InputFile file = table.io().newInputFile(new Path(run.root(), entry.path()).toString(), entry.bytes());
        return DataFiles.builder(PartitionSpec.unpartitioned())
                .withInputFile(file)
                .withFormat(FileFormat.PARQUET)
                .withMetrics(ParquetUtil.fileMetrics(file, metrics, mapping))
                .build();
    }

    /** Gives the table the columns of {@code wanted}: another run may keep other columns of its prompts. */
    private void conform(Transaction transaction, Schema wanted) {
        if (SparkSchemaUtil.convert(table.schema()).equals(SparkSchemaUtil.convert(wanted))) {
            return;
        }
        UpdateSchema update = transaction.updateSchema();
        for (Types.NestedField column : table.schema().columns()) {
            if (!isSame(column, wanted.findField(column.name()))) {
                update.deleteColumn(column.name());
            }
        }
        for (Types.NestedField column : wanted.columns()) {
            if (!isSame(column, table.schema().findField(column.name()))) {
                update.addColumn(column.name(), column.type());
            }
        }
        update.commit();
        transaction
                .updateProperties()
                .set(
                        TableProperties.DEFAULT_NAME_MAPPING,
                        mapping(transaction.table().schema()))
                .commit();
    }

    private static boolean isSame(Types.NestedField column, Types.@Nullable NestedField other) {
        return other != null && SparkSchemaUtil.convert(column.type()).equals(SparkSchemaUtil.convert(other.type()));
    }
}
