package io.sightline.job.table.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.jspecify.annotations.Nullable;

/**
 * Compressed pages of some columns, kept in memory; they may be written to several row groups, which parquet-java's own store of pages
 * does not allow.
 */
final class EncodedPages implements PageWriteStore {
    private final BytesInputCompressor compressor;
    private final Map<ColumnDescriptor, Column> columns = new LinkedHashMap<>();

    EncodedPages(BytesInputCompressor compressor) {
        this.compressor = compressor;
    }

    @Override
    public PageWriter getPageWriter(ColumnDescriptor path) {
        return columns.computeIfAbsent(path, each -> new Column());
    }

    /** Appends the columns of {@code order} to the row group that {@code file} is writing. */
    void writeTo(ParquetFileWriter file, List<ColumnDescriptor> order) throws IOException {
        for (ColumnDescriptor descriptor : order) {
            Column column = columns.get(descriptor);
            if (column == null) {
                throw new IllegalStateException("column " + descriptor + " was never written");
            }
            file.startColumn(descriptor, column.values, compressor.getCodecName());
            if (column.dictionary != null) {
                file.writeDictionaryPage(column.dictionary);
            }
            for (DataPage page : column.pages) {
                file.writeDataPage(
                        page.values,
                        page.length,
                        page.bytes,
                        page.statistics,
                        page.rows,
                        page.repetition,
                        page.definition,
                        page.encoding);
            }
            file.endColumn();
        }
    }

    private record DataPage(
            BytesInput bytes,
            int length,
            int values,
            int rows,
            Statistics<?> statistics,
            Encoding repetition,
            Encoding definition,
            Encoding encoding) {}

    private final class Column implements PageWriter {
        private final List<DataPage> pages = new ArrayList<>();
        private @Nullable DictionaryPage dictionary;
        private long values;
        private long bytes;

        @Override
        public void writePage(
                BytesInput page,
                int valueCount,
                int rowCount,
                Statistics<?> statistics,
                Encoding repetition,
                Encoding definition,
                Encoding encoding)
                throws IOException {
            BytesInput compressed = BytesInput.copy(compressor.compress(page));
            pages.add(new DataPage(
                    compressed,
                    Math.toIntExact(page.size()),
                    valueCount,
                    rowCount,
                    statistics,
                    repetition,
                    definition,
                    encoding));
            values += valueCount;
            bytes += compressed.size();
        }

        @Override
        public void writeDictionaryPage(DictionaryPage page) throws IOException {
            dictionary = new DictionaryPage(
                    BytesInput.copy(compressor.compress(page.getBytes())),
                    Math.toIntExact(page.getBytes().size()),
                    page.getDictionarySize(),
                    page.getEncoding());
        }

        @Override
        public void writePage(
                BytesInput page,
                int valueCount,
                Statistics statistics,
                Encoding repetition,
                Encoding definition,
                Encoding encoding) {
            throw new UnsupportedOperationException("a page without its number of rows");
        }

        @Override
        public void writePageV2(
                int rowCount,
                int nullCount,
                int valueCount,
                BytesInput repetition,
                BytesInput definition,
                Encoding encoding,
                BytesInput page,
                Statistics<?> statistics) {
            throw new UnsupportedOperationException("a page of version 2");
        }

        @Override
        public long getMemSize() {
            return bytes;
        }

        @Override
        public long allocatedSize() {
            return bytes;
        }

        @Override
        public String memUsageString(String prefix) {
            return prefix + " " + bytes + " bytes of pages";
        }
    }
}
