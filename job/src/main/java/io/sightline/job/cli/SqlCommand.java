package io.sightline.job.cli;

import io.sightline.job.sql.query.ReadableRun;
import io.sightline.job.sql.query.ResultFormat;
import io.sightline.job.sql.query.SqlFailure;
import io.sightline.job.sql.query.SqlScript;
import io.sightline.job.sql.query.SqlSession;
import io.sightline.job.table.PublishedFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sql RUN_DIR… [QUERY]}: Spark SQL over the tables of one or more runs. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Spark SQL over the tables of a run: activations, values, prompts, errors.",
            "With several runs: run1.activations, run2.activations, … Without a query: an interactive shell.",
            "The vector functions (dot, cosine_similarity, vector_mean, …) are in docs/SQL.md and in"
                    + " DESCRIBE FUNCTION EXTENDED dot."
        })
public final class SqlCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "RUN_DIR… [QUERY]",
            description = "Run directories, then the query; several statements are separated by semicolons.")
    private List<String> words = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            converter = FormatConverter.class,
            description = "table (default; long vectors are shortened), csv, or json (one object a line).")
    private ResultFormat format = ResultFormat.TABLE;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE.sql",
            description = "Runs the statements of a file.")
    private @Nullable Path file;

    @Mixin
    private SparkOptions spark = new SparkOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        SqlArguments arguments = SqlArguments.of(words, file != null);
        @Nullable String text = file == null ? arguments.query() : read(file);
        try (SqlSession session = open(arguments.runs())) {
            arguments.runs().forEach(run -> sayIfUnfinished(run, session));
            if (text == null && System.console() == null) {
                text = standardInput();
            }
            return text == null ? new SqlShell(session, format).run() : run(session, SqlScript.parse(text));
        }
    }

    /** Stops at the first statement that fails: 2 if it is wrong in itself, 1 if its execution failed. */
    private int run(SqlSession session, SqlScript script) {
        PrintWriter out = commandSpec().commandLine().getOut();
        for (String statement : script.statements()) {
            try {
                Dataset<Row> result = session.sql(statement);
                format.write(result, out);
            } catch (Exception e) { // Scala's AnalysisException is checked but undeclared
                if (SqlFailure.isOfTheQuery(e)) {
                    throw new UsageException(SqlFailure.message(e, session.spark()));
                }
                commandSpec().commandLine().getErr().println("sql: " + SqlFailure.message(e, session.spark()));
                return 1;
            }
        }
        return 0;
    }

    private SqlSession open(List<String> runs) {
        try {
            return SqlSession.open(spark.conf(), runs);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Numbers over a part of the prompts should not be taken for the whole. */
    private void sayIfUnfinished(String run, SqlSession session) {
        PublishedFiles published = ReadableRun.at(
                        run, session.spark().sparkContext().hadoopConfiguration())
                .published();
        if (!published.all()) {
            PrintWriter err = commandSpec().commandLine().getErr();
            err.println("sightline: " + run + " is not finished: these are its "
                    + published.names().size() + " committed chunks; `sightline run … --resume` adds the others");
            err.flush();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UsageException("cannot read the statements of " + file + ": " + FileProblems.reason(e));
        }
    }

    private static String standardInput() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("cannot read statements from the standard input: " + FileProblems.reason(e));
        }
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("SqlCommand runs inside a picocli CommandLine");
        }
        return spec;
    }
}
