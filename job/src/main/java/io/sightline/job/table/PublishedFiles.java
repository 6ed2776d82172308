package io.sightline.job.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Which files in the tables of a run count. A complete run has no others. While a run is under way, or was broken off, files of a chunk may
 * stand without their commit record: those do not count.
 *
 * @param all whether all files count
 * @param names else the names of those that do, which are the same in each table: {@code chunk-00012.parquet}
 */
public record PublishedFiles(boolean all, Set<String> names) {
    private static final PublishedFiles ALL = new PublishedFiles(true, Set.of());
    private static final String RECORD = ".json";

    /**
     * Looks into {@code run}, or into any other directory of tables, in which all files count.
     *
     * @throws IllegalStateException if one run is taking the place of another there just now
     */
    public static PublishedFiles of(RunDirectory run, Configuration hadoop) throws IOException {
        FileSystem files = run.fileSystem(hadoop);
        if (files.exists(run.replacing())) {
            throw new IllegalStateException(run
                    + " is just being replaced by another run; if nothing is running any more, 'sightline run' of its"
                    + " job with --resume finishes that in a moment (of probes, 'sightline probe' with --overwrite)");
        }
        if (files.exists(run.manifest()) || !files.exists(run.running())) {
            return ALL;
        }
        Set<String> names = new TreeSet<>();
        try {
            for (FileStatus record : files.listStatus(run.commits())) {
                String name = record.getPath().getName();
                if (name.endsWith(RECORD)) {
                    names.add(name.substring(0, name.length() - RECORD.length()) + ".parquet");
                }
            }
        } catch (FileNotFoundException none) {
            return new PublishedFiles(false, Set.of());
        }
        return new PublishedFiles(false, names);
    }

    /** A condition, in Spark SQL, that holds for rows of files that count. */
    public String condition() {
        if (all || names.isEmpty()) {
            return Boolean.toString(all);
        }
        return names.stream().collect(Collectors.joining("', '", "_metadata.file_name IN ('", "')"));
    }
}
