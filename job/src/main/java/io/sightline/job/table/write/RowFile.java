package io.sightline.job.table.write;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;

/** Writes a small table row by row as Spark itself does, so that {@code keep} columns may have any Spark type. */
final class RowFile {
    private RowFile() {}

    static void write(
            StagedFile target, StructType schema, List<InternalRow> rows, Compression compression, Configuration hadoop)
            throws IOException {
        Configuration settings = SparkParquetSettings.of(hadoop);
        ParquetWriteSupport.setSchema(schema, settings);
        try (ParquetWriter<InternalRow> writer = new Builder(target)
                .withConf(settings)
                .withCompressionCodec(compression.codec())
                .withPageWriteChecksumEnabled(true)
                .build()) {
            for (InternalRow row : rows) {
                writer.write(row);
            }
        }
    }

    private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
        Builder(StagedFile target) {
            super(target);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<InternalRow> getWriteSupport(Configuration settings) {
            return new ParquetWriteSupport();
        }
    }
}
