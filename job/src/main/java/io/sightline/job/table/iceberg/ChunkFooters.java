package io.sightline.job.table.iceberg;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.parquet.ParquetUtil;

/** Reads what Iceberg wants to know of a chunk's file (rows, bounds of columns) from its footer. Threads may share it. */
record ChunkFooters(FileIO files, MetricsConfig metrics, NameMapping mapping) {
    /** For files that are to go into {@code table}, with its columns as they are now. */
    static ChunkFooters of(Table table) {
        return new ChunkFooters(table.io(), MetricsConfig.forTable(table), MappingUtil.create(table.schema()));
    }

    /** @param bytes the file's length */
    DataFile read(String location, long bytes) {
        InputFile file = files.newInputFile(location, bytes);
        return DataFiles.builder(PartitionSpec.unpartitioned())
                .withInputFile(file)
                .withFormat(FileFormat.PARQUET)
                .withMetrics(ParquetUtil.fileMetrics(file, metrics, mapping))
                .build();
    }
}
