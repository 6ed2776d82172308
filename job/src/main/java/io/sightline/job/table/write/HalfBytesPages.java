package io.sightline.job.table.write;

import java.util.List;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** Pages of an optional {@code BINARY} column without nulls: each row's half-precision numbers, after their length in bytes. */
final class HalfBytesPages implements PageEncoder {
    private static final int PRESENT = 1;

    private final RowStore store;
    private final PrimitiveType type;
    private byte[] buffer = new byte[0];

    HalfBytesPages(RowStore store, PrimitiveType type) {
        this.store = store;
        this.type = type;
    }

    @Override
    public Page encode(List<StoredRows> rows, RowBytes visitor) {
        LevelRuns definition = new LevelRuns();
        int rowCount = 0;
        long bytes = 0;
        for (StoredRows run : rows) {
            definition.add(PRESENT, run.rows());
            rowCount += run.rows();
            bytes += (long) run.rows() * Integer.BYTES + run.numbers() * Short.BYTES;
        }
        int start = definition.size();
        int length = Math.toIntExact(start + bytes);
        buffer = buffer.length < length ? new byte[length] : buffer;
        definition.writeTo(buffer, 0);
        return new Page(buffer, length, rowCount, rowCount, copy(rows, start, visitor));
    }

    private Statistics<?> copy(List<StoredRows> rows, int start, RowBytes visitor) {
        Statistics<?> statistics = Statistics.createStats(type);
        int offset = start;
        for (StoredRows run : rows) {
            int rowBytes = run.width() * Short.BYTES;
            for (int i = 0; i < run.rows(); i++) {
                LittleEndian.putInt(buffer, offset, rowBytes);
                offset += Integer.BYTES;
                store.read(run.address() + (long) i * rowBytes, buffer, offset, rowBytes);
                visitor.row(buffer, offset, rowBytes);
                include(statistics, offset, rowBytes);
                offset += rowBytes;
            }
        }
        return statistics;
    }

    /** The statistics keep their own copy of what they remember: the buffer is reused. */
    private void include(Statistics<?> statistics, int offset, int length) {
        statistics.updateStats(Binary.fromReusedByteArray(buffer, offset, length));
    }
}
