package io.sightline.job.table.write;

import io.sightline.job.table.Columns;
import io.sightline.job.table.TableSchemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/** Writes {@code values/chunk-N.parquet}: one saved node after another, each in row groups of its own. */
final class ValueFile implements AutoCloseable {
    private static final List<String> BEFORE_VALUE =
            List.of(Columns.PROMPT_ID, Columns.NAME, Columns.STEP, Columns.SHAPE);
    private static final int ELEMENT_LEVEL = 1;

    private final PageFile page;
    private final PageEncoder floats;
    private final WriteOptions options;
    private final ContentChecksum checksum = new ContentChecksum();

    ValueFile(StagedFile target, RowStore store, WriteOptions options, Configuration hadoop) throws IOException {
        this.options = options;
        this.page = new PageFile(target, TableSchemas.VALUES, options, hadoop);
        this.floats = new FloatListPages(store, page.leaf(Columns.VALUE).getPrimitiveType(), ELEMENT_LEVEL);
    }

    /** @throws IllegalStateException if a row was appended twice */
    void write(List<ValueRow> rows) throws IOException {
        for (List<ValueRow> named : byName(rows)) {
            for (List<ValueRow> part : Sliceable.cut(named, options.maxRowGroupBytes())) {
                writeRowGroup(part);
            }
        }
        page.end(options.metadata());
    }

    private static Collection<List<ValueRow>> byName(List<ValueRow> rows) {
        List<ValueRow> sorted = new ArrayList<>(rows);
        sorted.sort(ValueRow.FILE_ORDER);
        TreeMap<String, List<ValueRow>> named = new TreeMap<>();
        for (ValueRow row : sorted) {
            List<ValueRow> before = named.computeIfAbsent(row.name(), name -> new ArrayList<>());
            if (!before.isEmpty() && ValueRow.FILE_ORDER.compare(before.get(before.size() - 1), row) == 0) {
                throw new IllegalStateException("value '" + row.name() + "' of prompt "
                        + row.prompt().id() + ", step " + row.step()
                        + " was appended twice; rewind the chunk before a batch is run again");
            }
            before.add(row);
        }
        return named.values();
    }

    private void writeRowGroup(List<ValueRow> rows) throws IOException {
        page.file().startBlock(rows.size());
        ScalarColumns columns = new ScalarColumns(page.schema(), BEFORE_VALUE, page.compressor());
        ColumnWriter promptId = columns.column(Columns.PROMPT_ID);
        ColumnWriter name = columns.column(Columns.NAME);
        ColumnWriter step = columns.column(Columns.STEP);
        ColumnWriter shape = columns.column(Columns.SHAPE);
        for (ValueRow row : rows) {
            promptId.write(Binary.fromString(row.prompt().id()), 0, 0);
            name.write(Binary.fromString(row.name()), 0, 0);
            step.write(row.step(), 0, 0);
            writeShape(shape, row.shape());
            columns.endRow();
        }
        columns.end().writeTo(page.file());
        page.pages().write(page.leaf(Columns.VALUE), floats, rows, checksums(rows));
        page.file().endBlock();
    }

    private static void writeShape(ColumnWriter column, int[] shape) {
        if (shape.length == 0) {
            column.writeNull(0, 0);
        }
        for (int i = 0; i < shape.length; i++) {
            column.write(shape[i], i == 0 ? 0 : 1, 1);
        }
    }

    private PageEncoder.RowBytes checksums(List<ValueRow> rows) {
        var next = rows.iterator();
        return (buffer, offset, length) -> {
            ValueRow row = next.next();
            long seed = ContentChecksum.seed(row.name(), row.prompt().id());
            seed = ContentChecksum.seed(seed, row.step());
            for (int size : row.shape()) {
                seed = ContentChecksum.seed(seed, size);
            }
            checksum.add(seed, buffer, offset, length);
        };
    }

    String checksum() {
        return checksum.hexDigits();
    }

    @Override
    public void close() {
        page.close();
    }
}
