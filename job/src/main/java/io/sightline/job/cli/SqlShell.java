package io.sightline.job.cli;

import io.sightline.job.sql.query.ResultFormat;
import io.sightline.job.sql.query.SqlFailure;
import io.sightline.job.sql.query.SqlScript;
import io.sightline.job.sql.query.SqlSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The interactive shell: line editing, a history kept in {@code ~/.sightline_sql_history}, statements over several lines until their
 * semicolon; {@code help} tells the words. An error is shown and the shell goes on; Ctrl-C drops the line, or cancels the query that runs; Ctrl-D, {@code quit} and
 * {@code \q} leave.
 */
final class SqlShell {
    private static final Set<String> FAREWELLS = Set.of("\\q", "quit", "exit", "quit;", "exit;");

    private static final Set<String> CALLS_FOR_HELP = Set.of("help", "help;", "?", "\\?", "\\h");
    private static final String HELP = """
            SHOW TABLES;                       the tables
            DESCRIBE activations;              a table's columns
            SHOW FUNCTIONS LIKE '*norm*';      functions by name
            DESCRIBE FUNCTION EXTENDED dot;    what one does, with examples; docs/SQL.md has all
            CREATE TEMPORARY VIEW v AS …;      names a query for this session
            \\q                                 leaves""";

    private final SqlSession session;
    private final ResultFormat format;

    SqlShell(SqlSession session, ResultFormat format) {
        this.session = session;
        this.format = format;
    }

    int run() {
        try (Terminal terminal = TerminalBuilder.builder().name("sightline sql").build()) {
            return run(terminal, Path.of(System.getProperty("user.home"), ".sightline_sql_history"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the terminal: " + e.getMessage(), e);
        }
    }

    int run(Terminal terminal, Path history) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("sightline")
                .parser(new StatementParser(words()))
                .completer(new NameCompleter(session.spark()))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "        -> ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        terminal.handle(
                Terminal.Signal.INT, signal -> session.spark().sparkContext().cancelAllJobs());
        terminal.writer()
                .println(
                        "SHOW TABLES lists the tables; a statement ends with a semicolon; help tells more; \\q leaves.");
        while (true) {
            try {
                String text = reader.readLine("sightline> ");
                if (FAREWELLS.contains(text.strip())) {
                    return 0;
                }
                if (CALLS_FOR_HELP.contains(text.strip())) {
                    terminal.writer().println(HELP);
                    terminal.flush();
                    continue;
                }
                SqlScript.parse(text).statements().forEach(statement -> show(statement, terminal));
            } catch (UserInterruptException e) {
                // the line is dropped
            } catch (EndOfFileException e) {
                return 0;
            }
        }
    }

    private static Set<String> words() {
        Set<String> words = new HashSet<>(FAREWELLS);
        words.addAll(CALLS_FOR_HELP);
        return words;
    }

    private void show(String statement, Terminal terminal) {
        try {
            format.write(session.sql(statement), terminal.writer());
        } catch (Exception e) { // Scala's AnalysisException is checked but undeclared
            terminal.writer().println(SqlFailure.message(e, session.spark()));
        }
        terminal.flush();
    }
}
