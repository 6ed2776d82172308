package io.sightline.job.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The chunks a run has, by their commit records; immutable. */
public final class CommittedChunks {
    private static final Pattern RECORD = Pattern.compile("chunk-\\d{5,}\\.json");

    private final NavigableMap<Integer, CommitRecord> records;

    private CommittedChunks(NavigableMap<Integer, CommitRecord> records) {
        this.records = Collections.unmodifiableNavigableMap(records);
    }

    /**
     * Lists the commit records of {@code run} and checks that every file they name is there with the recorded length. A run directory
     * that does not exist yet has none.
     *
     * @throws IllegalStateException naming the files, if one is missing or has another length
     */
    public static CommittedChunks read(RunDirectory run, Configuration hadoop) throws IOException {
        CommittedChunks chunks = unverified(run, hadoop);
        verifyLengths(run, run.fileSystem(hadoop), chunks.records());
        return chunks;
    }

    /** Lists the commit records of {@code run} without a look at the files they name. */
    public static CommittedChunks unverified(RunDirectory run, Configuration hadoop) throws IOException {
        FileSystem files = run.fileSystem(hadoop);
        NavigableMap<Integer, CommitRecord> records = new TreeMap<>();
        for (FileStatus status : list(files, run.commits())) {
            if (RECORD.matcher(status.getPath().getName()).matches()) {
                CommitRecord record = readRecord(files, status.getPath());
                records.put(record.chunk(), record);
            }
        }
        return new CommittedChunks(records);
    }

    private static FileStatus[] list(FileSystem files, Path directory) throws IOException {
        try {
            return files.listStatus(directory);
        } catch (FileNotFoundException absent) {
            return new FileStatus[0];
        }
    }

    /** The record at {@code path}. */
    public static CommitRecord readRecord(FileSystem files, Path path) throws IOException {
        try (FSDataInputStream in = files.open(path)) {
            return CommitRecord.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    path + " is " + e.getMessage() + "; delete it to have --resume write its chunk again", e);
        }
    }

    private static void verifyLengths(RunDirectory run, FileSystem files, Collection<CommitRecord> records)
            throws IOException {
        TreeMap<String, Long> found = new TreeMap<>();
        for (String folder : folders(records)) {
            for (FileStatus status : list(files, new Path(run.root(), folder))) {
                found.put(folder + "/" + status.getPath().getName(), status.getLen());
            }
        }
        List<String> wrong = new ArrayList<>();
        for (CommitRecord record : records) {
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
                    + String.join(", ", wrong.subList(0, Math.min(5, wrong.size())))
                    + "; delete their chunks' records in " + run.commits() + " and --resume, or --overwrite the run");
        }
    }

    private static Set<String> folders(Collection<CommitRecord> records) {
        return records.stream()
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
