package io.sightline.job.sql.query;

import com.univocity.parsers.csv.CsvWriter;
import com.univocity.parsers.csv.CsvWriterSettings;
import java.io.PrintWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** RFC 4180 with newlines as {@code \n}: null is an empty field, an empty string is {@code ""}. */
final class CsvText {
    private CsvText() {}

    static void write(Dataset<Row> result, PrintWriter out) {
        CsvWriterSettings settings = new CsvWriterSettings();
        settings.getFormat().setLineSeparator("\n");
        settings.getFormat().setQuoteEscape('"');
        settings.setNullValue("");
        settings.setEmptyValue("\"\"");
        settings.setIgnoreLeadingWhitespaces(false);
        settings.setIgnoreTrailingWhitespaces(false);
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(Math.max(1, result.columns().length));
        CsvWriter csv = new CsvWriter(out, settings);
        csv.writeRow(result.columns());
        PartitionStream.forEach(texts(result).toJavaRDD(), row -> csv.writeRow(cells(row)));
        csv.flush();
    }

    /** Every column as a string, made where the rows are; by position, since a result may name two columns alike. */
    private static Dataset<Row> texts(Dataset<Row> result) {
        DataType[] types = new DataType[result.columns().length];
        String[] names = new String[types.length];
        Column[] texts = new Column[types.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = result.schema().apply(i).dataType();
            names[i] = "c" + i;
            texts[i] = text(functions.col(names[i]), types[i]);
        }
        return result.toDF(names).select(texts);
    }

    private static Column text(Column column, DataType type) {
        if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
            return functions.to_json(column);
        }
        return type instanceof BinaryType ? functions.base64(column) : column.cast("string");
    }

    private static String[] cells(Row row) {
        String[] cells = new String[row.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = row.getString(i);
        }
        return cells;
    }
}
