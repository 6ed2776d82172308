package io.sightline.job.table.write;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.internal.SQLConf;

/** The settings without which Spark's own Parquet classes refuse to work outside a DataFrameWriter. */
final class SparkParquetSettings {
    private SparkParquetSettings() {}

    /** A copy of {@code hadoop}: the standard layout, timestamps in microseconds, no field ids. */
    static Configuration of(Configuration hadoop) {
        Configuration settings = new Configuration(hadoop);
        settings.setBoolean(SQLConf.PARQUET_WRITE_LEGACY_FORMAT().key(), false);
        settings.set(SQLConf.PARQUET_OUTPUT_TIMESTAMP_TYPE().key(), "TIMESTAMP_MICROS");
        settings.setBoolean(SQLConf.PARQUET_FIELD_ID_WRITE_ENABLED().key(), false);
        settings.setBoolean(SQLConf.LEGACY_PARQUET_NANOS_AS_LONG().key(), false);
        return settings;
    }
}
