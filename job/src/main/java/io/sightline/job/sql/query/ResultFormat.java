package io.sightline.job.sql.query;

import java.io.PrintWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How a result is written. Commands without columns (CREATE VIEW, SET …) write nothing. */
public enum ResultFormat {
    /** Aligned columns for people: long vectors and texts shortened, at most {@link TableText#MOST_ROWS} rows. */
    TABLE {
        @Override
        void writeRows(Dataset<Row> result, PrintWriter out) {
            TableText.write(result, out);
        }
    },
    /** A header line, then every row; arrays, maps and structs as JSON, binary as base64, null as nothing. */
    CSV {
        @Override
        void writeRows(Dataset<Row> result, PrintWriter out) {
            CsvText.write(result, out);
        }
    },
    /** Every row as one line of JSON; binary as base64; NaN and infinities as strings. */
    JSON {
        @Override
        void writeRows(Dataset<Row> result, PrintWriter out) {
            PartitionStream.forEach(result.toJSON().toJavaRDD(), out::println);
        }
    };

    abstract void writeRows(Dataset<Row> result, PrintWriter out);

    /** Runs the query and writes its rows. */
    public void write(Dataset<Row> result, PrintWriter out) {
        if (result.columns().length > 0) {
            writeRows(result, out);
        }
        out.flush();
    }
}
