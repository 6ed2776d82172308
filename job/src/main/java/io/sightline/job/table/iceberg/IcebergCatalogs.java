package io.sightline.job.table.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** How a session reaches the Iceberg tables of a run directory, which is laid out as the warehouse of a Hadoop catalog. */
public final class IcebergCatalogs {
    private IcebergCatalogs() {}

    /**
     * Makes the run directory a catalog of {@code session}.
     *
     * @param name tells its catalog from those of other runs: letters, digits and underscores
     * @param table one of its tables' directories
     * @return the table's name in SQL
     */
    public static String identifier(SparkSession session, String name, Path table) {
        String catalog = "sightline_iceberg_" + name;
        String key = "spark.sql.catalog." + catalog;
        session.conf().set(key, "org.apache.iceberg.spark.SparkCatalog");
        session.conf().set(key + ".type", "hadoop");
        session.conf().set(key + ".warehouse", qualified(session, table.getParent()));
        session.conf().set(key + ".cache-enabled", "false");
        return catalog + "." + table.getName();
    }

    /** The catalog keeps it for as long as the session lives. */
    private static String qualified(SparkSession session, Path directory) {
        try {
            FileSystem files = directory.getFileSystem(session.sparkContext().hadoopConfiguration());
            return files.makeQualified(directory).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + directory, e);
        }
    }
}
