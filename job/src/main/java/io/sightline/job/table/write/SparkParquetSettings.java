package io.sightline.job.table.write;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.internal.SQLConf;

/** The settings without which Spark's own Parquet classes refuse to work outside a DataFrameWriter, and how hard zstd tries. */
final class SparkParquetSettings {
    private static final String ZSTD_LEVEL = "parquet.compression.codec.zstd.level";

    private SparkParquetSettings() {}

    /** A copy of {@code hadoop}: the standard layout, timestamps in microseconds, no field ids; zstd's level 1 unless {@code hadoop} names one. */
    static Configuration of(Configuration hadoop) {
        Configuration settings = new Configuration(hadoop);
        settings.setBoolean(SQLConf.PARQUET_WRITE_LEGACY_FORMAT().key(), false);
        settings.set(SQLConf.PARQUET_OUTPUT_TIMESTAMP_TYPE().key(), "TIMESTAMP_MICROS");
        settings.setBoolean(SQLConf.PARQUET_FIELD_ID_WRITE_ENABLED().key(), false);
        settings.setBoolean(SQLConf.LEGACY_PARQUET_NANOS_AS_LONG().key(), false);
        if (hadoop.get(ZSTD_LEVEL) == null) {
            settings.set(ZSTD_LEVEL, "1"); // floats shrink no further at parquet-java's own 3, and take twice the time
        }
        return settings;
    }
}
