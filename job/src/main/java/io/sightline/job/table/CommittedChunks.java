package io.sightline.job.table;

import io.sightline.job.table.files.Parallel;
import io.sightline.job.table.files.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.io.IOUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The chunks a run has, by their commit records; immutable. */
public final class CommittedChunks {
    private static final Pattern RECORD = Pattern.compile("chunk-\\d{5,}\\.json");
    private static final int SHOWN = 5;
    public static final CommittedChunks NONE = new CommittedChunks(new TreeMap<>());

    private final NavigableMap<Integer, CommitRecord> records;

    private CommittedChunks(NavigableMap<Integer, CommitRecord> records) {
        this.records = Collections.unmodifiableNavigableMap(records);
    }

    /**
     * Reads the commit records in {@code run} and checks that every file they name is there with the recorded length. A run directory
     * that does not exist yet has none.
     *
     * @throws IllegalStateException naming the files, if one is missing or has another length
     */
    public static CommittedChunks read(RunDirectory run, Configuration hadoop) throws IOException {
        CommittedChunks chunks = unverified(run, hadoop);
        chunks.verify(run, hadoop);
        return chunks;
    }

    /** The chunks of the run with id {@code runId}: records that another run left in the directory do not count. */
    public CommittedChunks ofRun(@Nullable String runId) {
        NavigableMap<Integer, CommitRecord> own = new TreeMap<>(records);
        own.values().removeIf(record -> !Objects.equals(record.run(), runId));
        return new CommittedChunks(own);
    }

    /** Reads the commit records in {@code run}, many at a time, without a look at the files they name. */
    public static CommittedChunks unverified(RunDirectory run, Configuration hadoop) throws IOException {
        StoredFiles files = run.files(hadoop);
        NavigableMap<Integer, CommitRecord> records = new TreeMap<>();
        for (CommitRecord record :
                Parallel.map(recordFiles(files, run), path -> readRecord(files.fileSystem(), path))) {
            records.put(record.chunk(), record);
        }
        return new CommittedChunks(records);
    }

    private static List<Path> recordFiles(StoredFiles files, RunDirectory run) throws IOException {
        return files.list(run.commits()).stream()
                .map(FileStatus::getPath)
                .filter(path -> RECORD.matcher(path.getName()).matches())
                .toList();
    }

    /** The record at {@code path}. */
    public static CommitRecord readRecord(FileSystem files, Path path) throws IOException {
        try (FSDataInputStream in = files.open(path)) {
            return CommitRecord.fromJson(IOUtils.toString(in, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    path + " is " + e.getMessage() + "; delete it to have --resume write its chunk again", e);
        }
    }

    /**
     * These chunks and those of {@code more}, whose records their tasks reported. Their files are verified by listings alone, so that a run
     * of 100,000 chunks does not end with as many reads.
     */
    public CommittedChunks with(Collection<CommitRecord> more, RunDirectory run, Configuration hadoop)
            throws IOException {
        NavigableMap<Integer, CommitRecord> all = new TreeMap<>(records);
        more.forEach(record -> all.put(record.chunk(), record));
        Set<String> standing =
                recordFiles(run.files(hadoop), run).stream().map(Path::getName).collect(Collectors.toSet());
        all.keySet().removeIf(chunk -> !standing.contains(run.commit(chunk).getName()));
        CommittedChunks chunks = new CommittedChunks(all);
        chunks.verify(run, hadoop);
        return chunks;
    }

    /** @throws IllegalStateException naming the files, if one is missing or has another length than recorded */
    public void verify(RunDirectory run, Configuration hadoop) throws IOException {
        Map<String, Long> found = new HashMap<>();
        for (String folder : folders()) {
            for (FileStatus status : run.files(hadoop).list(new Path(run.root(), folder))) {
                found.put(folder + "/" + status.getPath().getName(), status.getLen());
            }
        }
        List<String> wrong = new ArrayList<>();
        for (CommitRecord record : records()) {
            for (CommitRecord.FileEntry entry : record.files()) {
                Long length = found.get(entry.path());
                if (length == null || length != entry.bytes()) {
                    wrong.add(entry.path() + " (" + entry.bytes() + " bytes recorded, "
                            + (length == null ? "missing" : length + " found") + ")");
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(run + ": " + wrong.size() + " committed files are damaged: "
                    + String.join(", ", wrong.subList(0, Math.min(SHOWN, wrong.size())))
                    + "; delete their chunks' records in " + run.commits() + " and --resume, or --overwrite the run");
        }
    }

    private Set<String> folders() {
        return records().stream()
                .flatMap(record -> record.files().stream())
                .map(entry -> entry.path().substring(0, entry.path().lastIndexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public Set<Integer> numbers() {
        return records.keySet();
    }

    public boolean contains(int chunk) {
        return records.containsKey(chunk);
    }

    /** The records, by chunk number. */
    public Collection<CommitRecord> records() {
        return records.values();
    }

    public long rows(RunTable table) {
        return records().stream().mapToLong(record -> record.rows(table)).sum();
    }

    public long bytes() {
        return records().stream().mapToLong(CommitRecord::bytes).sum();
    }

    /** The sum of counter {@code name} over the chunks that have it. */
    public long counter(String name) {
        return records().stream()
                .mapToLong(record -> record.counters().getOrDefault(name, 0L))
                .sum();
    }

    /** Equal for two runs that hold the same vectors, whatever their chunks and their order; 16 hex digits. */
    public String vectorChecksum() {
        return CommitRecord.addChecksums(
                records().stream().map(CommitRecord::vectorChecksum).toList());
    }

    /** Equal for two runs that hold the same saved values; 16 hex digits. */
    public String valueChecksum() {
        return CommitRecord.addChecksums(
                records().stream().map(CommitRecord::valueChecksum).toList());
    }
}
