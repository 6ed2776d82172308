package io.sightline.job.table.write;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.CodecFactory.BytesCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter;
import org.apache.spark.sql.types.StructType;

/** An open Parquet file whose row groups are put together column by column, with its codec. */
final class PageFile implements AutoCloseable {
    private static final int NO_PADDING = 0;
    private static final int STATISTICS_BYTES = 64;

    private final MessageType schema;
    private final CodecFactory codecs;
    private final BytesCompressor compressor;
    private final ParquetFileWriter file;
    private final int pageBytes;

    PageFile(StagedFile target, StructType columns, WriteOptions options, Configuration hadoop) throws IOException {
        Configuration settings = SparkParquetSettings.of(hadoop);
        this.schema = new SparkToParquetSchemaConverter(settings).convert(columns);
        this.pageBytes = options.pageBytes();
        this.codecs = new CodecFactory(settings, pageBytes);
        this.compressor = codecs.getCompressor(options.compression().codec());
        this.file = new ParquetFileWriter(
                target,
                schema,
                ParquetFileWriter.Mode.OVERWRITE,
                options.maxRowGroupBytes(),
                NO_PADDING,
                ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                STATISTICS_BYTES,
                true);
        file.start();
    }

    MessageType schema() {
        return schema;
    }

    BytesCompressor compressor() {
        return compressor;
    }

    ParquetFileWriter file() {
        return file;
    }

    /** The leaf of column {@code name}. */
    ColumnDescriptor leaf(String name) {
        return schema.getColumns().stream()
                .filter(leaf -> leaf.getPath()[0].equals(name))
                .findFirst()
                .orElseThrow();
    }

    ColumnPages pages() {
        return new ColumnPages(file, compressor, pageBytes);
    }

    /** Writes the footer and closes the file. */
    void end(Map<String, String> metadata) throws IOException {
        file.end(metadata);
    }

    /** Frees the codec; the file itself is closed by {@link #end}, or left broken in the staging place for the abort to delete. */
    @Override
    public void close() {
        codecs.release();
    }
}
