package io.sightline.job.table.iceberg;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.TableSchemas;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/**
 * A run's four Iceberg tables, on the driver. A chunk is visible in a table from the snapshot on that adds its file. Snapshots of several
 * tables are not one commit: the activations come last, so that whoever sees a chunk's vectors finds its prompts.
 */
public final class IcebergRun {
    private static final List<RunTable> ORDER =
            List.of(RunTable.PROMPTS, RunTable.ERRORS, RunTable.VALUES, RunTable.ACTIVATIONS);

    private final Map<RunTable, IcebergTable> tables = new LinkedHashMap<>();
    private final StructType kept;

    private IcebergRun(StructType kept) {
        this.kept = kept;
    }

    /** @throws IllegalArgumentException if a kept column has a type that Iceberg lacks */
    public static void requireTypes(StructType kept) {
        IcebergColumns.of(TableSchemas.prompts(kept));
    }

    /**
     * Opens the tables; makes those that are missing.
     *
     * @param run with its data folder
     * @param kept the {@code keep} columns of the prompts
     * @param properties of new tables, beside Iceberg's own
     * @throws IllegalArgumentException if a kept column has a type that Iceberg lacks
     */
    public static IcebergRun open(
            RunDirectory run, StructType kept, Map<String, String> properties, Configuration hadoop) {
        IcebergRun tables = new IcebergRun(kept);
        for (RunTable table : ORDER) {
            tables.tables.put(table, IcebergTable.open(run, table, TableSchemas.of(table, kept), properties, hadoop));
        }
        return tables;
    }

    /** Whether the tables still show the rows of a run before this one, which this one shall replace when it is complete. */
    public boolean showsAnotherRun() {
        return tables.values().stream().anyMatch(IcebergTable::showsAnotherRun);
    }

    /** Makes chunks visible, in one snapshot a table; those that are visible are left as they are. */
    public void append(Collection<CommitRecord> records) {
        tables.values().forEach(table -> table.append(records));
    }

    /** Makes the whole run visible in the place of all that the tables show, in one snapshot a table. */
    public void replaceBy(Collection<CommitRecord> records) {
        tables.forEach((which, table) -> table.replaceBy(records, TableSchemas.of(which, kept)));
    }

    /** Chunks of this run that every table has. */
    public Set<Integer> chunks() {
        Set<Integer> all = null;
        for (IcebergTable table : tables.values()) {
            if (all == null) {
                all = new TreeSet<>(table.chunks());
            } else {
                all.retainAll(table.chunks());
            }
        }
        return all == null ? Set.of() : all;
    }
}
