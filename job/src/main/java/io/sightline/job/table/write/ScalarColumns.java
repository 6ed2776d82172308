package io.sightline.job.table.write;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory.BytesCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** Neighbouring ordinary columns of one row group, written the ordinary way: dictionary where it pays, statistics, page index. */
final class ScalarColumns {
    private final MessageType schema;
    private final EncodedPages pages;
    private final ColumnWriteStore columns;

    /** @param names columns that stand next to each other in {@code file}'s schema */
    ScalarColumns(MessageType file, List<String> names, BytesCompressor compressor) {
        List<Type> fields = names.stream().map(file::getType).toList();
        ParquetProperties properties = ParquetProperties.builder().build();
        this.schema = new MessageType(file.getName(), fields);
        this.pages = new EncodedPages(compressor);
        this.columns = properties.newColumnWriteStore(schema, pages);
    }

    /** The only leaf of column {@code name}. */
    ColumnWriter column(String name) {
        return columns.getColumnWriter(schema.getColumns().stream()
                .filter(leaf -> leaf.getPath()[0].equals(name))
                .findFirst()
                .orElseThrow());
    }

    void endRow() {
        columns.endRecord();
    }

    /** Ends the columns; they hold all rows now. */
    ScalarColumns end() {
        columns.close(); // which flushes
        return this;
    }

    /** Appends these columns, which have ended, to the row group that {@code file} is writing; several row groups may have the same. */
    void writeTo(ParquetFileWriter file) throws IOException {
        pages.writeTo(file, schema.getColumns());
    }

    /** An optional string. */
    static void write(ColumnWriter column, @Nullable Binary value) {
        if (value == null) {
            column.writeNull(0, 0);
        } else {
            column.write(value, 0, 1);
        }
    }
}
