package io.sightline.job.table.write;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriter;

/** A column of a row group in which every row is null. */
final class NullColumn {
    private NullColumn() {}

    static void write(PageFile page, String name, long rows) throws IOException {
        ScalarColumns nulls = new ScalarColumns(page.schema(), List.of(name), page.compressor());
        ColumnWriter column = nulls.column(name);
        for (long i = 0; i < rows; i++) {
            column.writeNull(0, 0);
            nulls.endRow();
        }
        nulls.writeTo(page.file());
    }
}
