package io.sightline.job.table.write;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.CodecFactory.BytesCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** Writes a whole column chunk page by page, with nothing between the encoder's buffer and the codec. */
final class ColumnPages {
    private final ParquetFileWriter file;
    private final BytesCompressor compressor;
    private final long pageBytes;

    ColumnPages(ParquetFileWriter file, BytesCompressor compressor, long pageBytes) {
        this.file = file;
        this.compressor = compressor;
        this.pageBytes = pageBytes;
    }

    /** {@code visitor} sees all rows of {@code runs}, in order. */
    <T extends Sliceable<T>> void write(
            ColumnDescriptor column, PageEncoder encoder, List<T> runs, PageEncoder.RowBytes visitor)
            throws IOException {
        file.startColumn(column, values(column, runs), compressor.getCodecName());
        for (List<T> part : Sliceable.cut(runs, pageBytes)) {
            write(encoder.encode(part.stream().map(Sliceable::rows).toList(), visitor));
        }
        file.endColumn();
    }

    private static <T extends Sliceable<T>> long values(ColumnDescriptor column, List<T> runs) {
        long values = 0;
        for (T run : runs) {
            int perRow = column.getMaxRepetitionLevel() == 0
                    ? 1
                    : Math.max(1, run.rows().width());
            values += (long) run.rows().rows() * perRow;
        }
        return values;
    }

    private void write(Page page) throws IOException {
        BytesInput bytes = compressor.compress(BytesInput.from(page.buffer(), 0, page.length()));
        file.writeDataPage(
                page.values(),
                page.length(),
                bytes,
                page.statistics(),
                page.rows(),
                Encoding.RLE,
                Encoding.RLE,
                Encoding.PLAIN);
    }
}
