package io.sightline.job.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the names of functions, tables and columns; asked afresh, since a statement may have made a view. */
final class NameCompleter implements Completer {
    private final SparkSession session;

    NameCompleter(SparkSession session) {
        this.session = session;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> tables = names("SHOW TABLES", 1);
        Stream<String> columns = tables.stream()
                .flatMap(table -> Arrays.stream(session.table(table).columns()));
        Stream.of(tables.stream(), columns, names("SHOW FUNCTIONS", 0).stream())
                .flatMap(names -> names)
                .distinct()
                .map(Candidate::new)
                .forEach(candidates::add);
    }

    private List<String> names(String query, int column) {
        return session.sql(query).collectAsList().stream()
                .map((Row row) -> row.getString(column))
                .toList();
    }
}
