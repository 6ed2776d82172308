package io.sightline.job.table.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/** Pages of a {@code LIST<float>} column in the standard three-level layout, none of whose rows is null. */
final class FloatListPages implements PageEncoder {
    private static final int NEW_LIST = 0;
    private static final int SAME_LIST = 1;

    private final RowStore store;
    private final PrimitiveType element;
    private final int emptyLevel;
    private final int elementLevel;
    private byte[] buffer = new byte[0];
    private float[] row = new float[0];

    /**
     * @param element the type of the list's (required) elements
     * @param elementLevel definition level of an element: 2 if the list itself is optional, 1 if it is required
     */
    FloatListPages(RowStore store, PrimitiveType element, int elementLevel) {
        this.store = store;
        this.element = element;
        this.elementLevel = elementLevel;
        this.emptyLevel = elementLevel - 1;
    }

    @Override
    public Page encode(List<StoredRows> rows, RowBytes visitor) {
        LevelRuns repetition = new LevelRuns();
        LevelRuns definition = new LevelRuns();
        int rowCount = 0;
        int values = 0;
        long bytes = 0;
        for (StoredRows run : rows) {
            addLevels(run, repetition, definition);
            rowCount += run.rows();
            values += run.rows() * Math.max(1, run.width());
            bytes += run.numbers() * Float.BYTES;
        }
        int start = repetition.size() + definition.size();
        int length = Math.toIntExact(start + bytes);
        buffer = buffer.length < length ? new byte[length] : buffer;
        definition.writeTo(buffer, repetition.writeTo(buffer, 0));
        return new Page(buffer, length, values, rowCount, copy(rows, start, visitor));
    }

    private void addLevels(StoredRows run, LevelRuns repetition, LevelRuns definition) {
        if (run.width() == 0) {
            repetition.add(NEW_LIST, run.rows());
            definition.add(emptyLevel, run.rows());
            return;
        }
        for (int i = 0; i < run.rows(); i++) {
            repetition.add(NEW_LIST, 1);
            repetition.add(SAME_LIST, run.width() - 1);
        }
        definition.add(elementLevel, run.rows() * run.width());
    }

    private Statistics<?> copy(List<StoredRows> rows, int start, RowBytes visitor) {
        FloatRange range = new FloatRange();
        FloatBuffer floats;
        int offset = start;
        for (StoredRows run : rows) {
            int rowBytes = run.width() * Float.BYTES;
            store.read(run.address(), buffer, offset, run.rows() * rowBytes);
            row = row.length < run.width() ? new float[run.width()] : row;
            floats = ByteBuffer.wrap(buffer, offset, run.rows() * rowBytes)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            for (int i = 0; i < run.rows(); i++) {
                visitor.row(buffer, offset, rowBytes);
                floats.get(row, 0, run.width());
                range.include(row, run.width());
                offset += rowBytes;
            }
        }
        return range.statistics(element);
    }
}
