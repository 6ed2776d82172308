package io.sightline.job.table.write;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunOwner;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.TableSchemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one chunk: takes rows of all four tables in any order, holds them, and on {@link #commit()} writes a file for each table that
 * has rows, sorted by the prompts' order in the chunk, and publishes them. {@link #close()} without a commit leaves nothing behind. Used by one
 * thread at a time; it may be handed from the thread that fills it to one that commits.
 */
public final class ChunkWriter implements AutoCloseable {
    static final String REMEDY =
            "free space or permit writing there, or set output.path elsewhere; chunks committed so far are kept and --resume goes on after them";
    private static final Logger LOG = LoggerFactory.getLogger(ChunkWriter.class);

    private final RunDirectory run;
    private final ChunkIdentity identity;
    private final WriteOptions options;
    private final Configuration hadoop;
    private final StagingPlace staging;
    private final RowStore store;
    private final @Nullable RunOwner owner;
    private final Map<ActivationGroup, GroupRows> groups = new HashMap<>();
    private final List<ValueRow> values = new ArrayList<>();
    private final List<PromptRow> prompts = new ArrayList<>();
    private final List<ErrorRow> errors = new ArrayList<>();
    private boolean finished;

    private ChunkWriter(
            RunDirectory run,
            ChunkIdentity identity,
            WriteOptions options,
            Configuration hadoop,
            StagingPlace staging,
            RowStore store,
            @Nullable RunOwner owner) {
        this.run = run;
        this.identity = identity;
        this.options = options;
        this.hadoop = hadoop;
        this.staging = staging;
        this.store = store;
        this.owner = owner;
    }

    static ChunkWriter open(
            RunDirectory run,
            ChunkIdentity identity,
            WriteOptions options,
            Configuration hadoop,
            WriteBuffers buffers,
            @Nullable RunOwner owner) {
        try {
            StagingPlace staging = StagingPlace.open(run, identity, hadoop);
            RowStore store = new RowStore(buffers, options.spillDirectory());
            return new ChunkWriter(run, identity, options, hadoop, staging, store, owner);
        } catch (IOException e) {
            throw new TableWriteException("cannot write to " + run, e, REMEDY);
        }
    }

    /** Where the rows of {@code group} go. A group without rows leaves no trace in the file. */
    public ActivationAppender activations(ActivationGroup group) {
        checkOpen();
        return new ActivationAppender(groups.computeIfAbsent(group, GroupRows::new), store);
    }

    /**
     * Appends a saved node's value for one prompt.
     *
     * @param step generation step, 0 without generation
     * @param shape of the value, without the batch dimension; empty for a scalar
     * @param numbers the value in row-major order, from {@code offset} on; copied
     * @throws IllegalArgumentException if {@code numbers} is shorter than {@code shape} asks
     */
    public void value(PromptRef prompt, String name, int step, int[] shape, float[] numbers, int offset) {
        checkOpen();
        long size = 1;
        for (int length : shape) {
            size = Math.multiplyExact(size, length);
        }
        if (size > ValueRow.MAX_NUMBERS || offset + size > numbers.length) {
            throw new IllegalArgumentException("value '" + name + "' of prompt " + prompt.id() + " has " + size
                    + " numbers; the array from " + offset + " on has " + (numbers.length - offset)
                    + ", a row holds at most "
                    + ValueRow.MAX_NUMBERS);
        }
        long address = store.append(numbers, offset, (int) size);
        values.add(new ValueRow(prompt, name, step, shape.clone(), new StoredRows(address, 1, (int) size)));
    }

    public void prompt(PromptRow row) {
        checkOpen();
        prompts.add(row);
    }

    public void error(ErrorRow row) {
        checkOpen();
        errors.add(row);
    }

    /** The state before a batch, to {@link #rewind} to if the batch fails half-way. */
    public ChunkMark mark() {
        checkOpen();
        Map<ActivationGroup, Integer> runs = new HashMap<>();
        groups.forEach((group, rows) -> runs.put(group, rows.runCount()));
        return new ChunkMark(runs, values.size(), prompts.size(), errors.size());
    }

    /** Forgets every row that was appended since {@code mark}. */
    public void rewind(ChunkMark mark) {
        checkOpen();
        groups.forEach((group, rows) -> rows.forgetAfter(mark.runs().getOrDefault(group, 0)));
        forgetAfter(values, mark.values());
        forgetAfter(prompts, mark.prompts());
        forgetAfter(errors, mark.errors());
    }

    private static void forgetAfter(List<?> rows, int count) {
        rows.subList(count, rows.size()).clear();
    }

    /** {@link #commit(Supplier, Map)} without counters and worker. */
    public CommitRecord commit() {
        return commit(Map::of, Map.of());
    }

    /**
     * Writes the chunk's files and publishes them, the commit record last. Ask Spark's commit coordinator before, where several attempts
     * may run at once.
     *
     * @param counters kept in the commit record: tokens, nanoseconds of forward pass, …; asked for when the files are written
     * @param worker kept in the commit record too: executor, host, device, …
     * @return what stands now: this attempt's record, or that of an attempt that had committed the chunk before
     * @throws TableWriteException if a file cannot be written or moved
     * @throws IllegalStateException if a row was appended twice, or the chunk was committed or closed before
     */
    public CommitRecord commit(Supplier<Map<String, Long>> counters, Map<String, String> worker) {
        checkOpen();
        try {
            CommitRecord record = writeFiles(counters, worker);
            finished = true;
            return new ChunkCommit(run, staging, owner).publish(record);
        } catch (IOException e) {
            throw new TableWriteException("cannot write chunk " + identity.chunk() + " of " + run, e, REMEDY);
        }
    }

    private CommitRecord writeFiles(Supplier<Map<String, Long>> counters, Map<String, String> worker)
            throws IOException {
        List<GroupRows> sorted = groups.values().stream()
                .filter(rows -> rows.runCount() > 0)
                .sorted()
                .toList();
        List<CommitRecord.FileEntry> entries = new ArrayList<>();
        String vectorChecksum = ContentChecksum.OF_NOTHING;
        String valueChecksum = ContentChecksum.OF_NOTHING;
        if (needsFile(sorted)) {
            try (ActivationFile table =
                    new ActivationFile(staging.file(RunTable.ACTIVATIONS), store, options, hadoop)) {
                table.write(sorted);
                vectorChecksum = table.checksum();
                entries.add(entry(RunTable.ACTIVATIONS, table.rows()));
            }
        }
        if (needsFile(values)) {
            try (ValueFile table = new ValueFile(staging.file(RunTable.VALUES), store, options, hadoop)) {
                table.write(values);
                valueChecksum = table.checksum();
                entries.add(entry(RunTable.VALUES, values.size()));
            }
        }
        if (needsFile(prompts)) {
            writeRows(RunTable.PROMPTS, CatalystRows.ofPrompts(prompts, identity.chunk(), options.kept()));
            entries.add(entry(RunTable.PROMPTS, prompts.size()));
        }
        if (needsFile(errors)) {
            writeRows(RunTable.ERRORS, CatalystRows.ofErrors(errors));
            entries.add(entry(RunTable.ERRORS, errors.size()));
        }
        return new CommitRecord(
                identity.chunk(),
                identity.attempt(),
                entries,
                vectorChecksum,
                valueChecksum,
                counters.get(),
                worker,
                owner == null ? null : owner.runId());
    }

    /** Chunk 0 has a file in every table, so that any reader of files finds each table and its columns. */
    private boolean needsFile(List<?> rows) {
        return !rows.isEmpty() || identity.chunk() == 0;
    }

    private void writeRows(RunTable table, List<InternalRow> rows) throws IOException {
        RowFile.write(staging.file(table), TableSchemas.of(table, options.kept()), rows, options.compression(), hadoop);
    }

    private CommitRecord.FileEntry entry(RunTable table, long rows) {
        return staging.file(table).entry(table, run.fileName(table, identity.chunk()), rows);
    }

    private void checkOpen() {
        if (finished) {
            throw new IllegalStateException("chunk " + identity.chunk() + ", attempt " + identity.attempt()
                    + ", was committed or closed; open a new attempt");
        }
    }

    /** Frees the buffers and deletes what is left in the staging place: after a commit an empty directory, else all of it. */
    @Override
    public void close() {
        finished = true;
        store.close();
        try {
            staging.delete();
        } catch (IOException e) {
            LOG.warn(
                    "cannot delete the staging place of chunk {}, attempt {}", identity.chunk(), identity.attempt(), e);
        }
    }
}
