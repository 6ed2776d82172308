package io.sightline.job.table.iceberg;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where an Iceberg table's parts lie. Each run into a directory has its own folder of data files, {@code data/r1}, {@code data/r2}, …:
 * files that a snapshot names are never replaced, and the run that {@code --overwrite} replaces is read until the new one is complete.
 * It uses no class of Iceberg's.
 */
public final class IcebergFolders {
    private static final Pattern DATA = Pattern.compile("r(\\d{1,9})");

    private IcebergFolders() {}

    /** Whether the directory {@code table} is an Iceberg table's. */
    public static boolean isTable(FileSystem files, Path table) throws IOException {
        try {
            for (FileStatus file : files.listStatus(new Path(table, "metadata"))) {
                if (file.getPath().getName().endsWith(".metadata.json")) {
                    return true;
                }
            }
        } catch (FileNotFoundException absent) {
            return false;
        }
        return false;
    }

    /** Whether {@code run}'s tables are Iceberg tables. */
    public static boolean stand(RunDirectory run, Configuration hadoop) throws IOException {
        return isTable(run.fileSystem(hadoop), run.table(RunTable.ACTIVATIONS));
    }

    /** {@code run} with the data folder of the latest run into it; {@code data/r1} if there was none. */
    public static RunDirectory latest(RunDirectory run, Configuration hadoop) throws IOException {
        return numbered(run, Math.max(1, last(run, hadoop)));
    }

    /** {@code run} with a data folder that no run has used. */
    public static RunDirectory next(RunDirectory run, Configuration hadoop) throws IOException {
        return numbered(run, last(run, hadoop) + 1);
    }

    private static RunDirectory numbered(RunDirectory run, int number) {
        return new RunDirectory(run.root(), "data/r" + number);
    }

    private static int last(RunDirectory run, Configuration hadoop) throws IOException {
        int last = 0;
        try {
            for (FileStatus status :
                    run.fileSystem(hadoop).listStatus(new Path(run.table(RunTable.ACTIVATIONS), "data"))) {
                Matcher name = DATA.matcher(status.getPath().getName());
                last = name.matches() ? Math.max(last, Integer.parseInt(name.group(1))) : last;
            }
        } catch (FileNotFoundException absent) {
            return 0;
        }
        return last;
    }
}
