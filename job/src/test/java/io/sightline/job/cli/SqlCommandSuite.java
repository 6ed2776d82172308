package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.sql.LocalSpark;
import io.sightline.job.sql.query.ResultFormat;
import io.sightline.job.sql.query.SqlSession;
import io.sightline.job.sql.query.TinyRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;
import picocli.CommandLine;

public class SqlCommandSuite extends JUnitSuite {
    private static Path directory;
    private static String run;
    private static String other;

    @BeforeAll
    static void writeTwoRuns() throws IOException {
        try (LocalSpark spark = LocalSpark.start()) {
            directory = spark.directory();
            TinyRun.write(spark, directory.resolve("tiny [1]"), 1);
            TinyRun.write(spark, directory.resolve("tiny`2"), 2);
        }
        run = directory.resolve("tiny [1]").toString();
        other = directory.resolve("tiny`2").toString();
    }

    @Test
    void aTableIsAlignedWithNumbersToTheRight() {
        assertThat(result(
                        run,
                        "SELECT layer, count(*) AS n, token, vector_mean(vector) m FROM activations"
                                + " WHERE name = 'resid' GROUP BY layer, token ORDER BY layer"))
                .isEqualTo("""
                layer | n | token | m
                ------+---+-------+----------
                    0 | 2 | \\n    | [0, 0, 3]
                    1 | 2 | \\n    | [1, 0, 3]
                (2 rows)
                """);
    }

    @Test
    void csvQuotesWhatNeedsItAndTellsNullFromEmpty() {
        assertThat(result(
                        run,
                        "--format",
                        "csv",
                        "SELECT prompt_id AS p, text, label, input_ids, n_tokens FROM prompts ORDER BY p"))
                .isEqualTo("""
                p,text,label,input_ids,n_tokens
                a,"Hello, ""you\""",x,[5],1
                b,"",,[5],1
                """);
    }

    @Test
    void jsonIsOneObjectALineWithNullsSaid() {
        assertThat(result(run, "--format=json", "SELECT prompt_id, label, double('NaN') AS n FROM prompts ORDER BY 1"))
                .isEqualTo("""
                {"prompt_id":"a","label":"x","n":"NaN"}
                {"prompt_id":"b","label":null,"n":"NaN"}
                """);
    }

    @Test
    void aTableWithoutRowsIsThereWithItsColumns() {
        assertThat(
                        result(
                                run,
                                "--format",
                                "csv",
                                "SELECT prompt_id, stage, error_class, message FROM errors; SELECT count(*) AS n FROM run1.errors"))
                .isEqualTo("prompt_id,stage,error_class,message\nn\n0\n");
    }

    @Test
    void theValuesTableNeedsNoQuotes() {
        assertThat(
                        result(
                                run,
                                "--format",
                                "csv",
                                "SELECT v.name, value FROM values v WHERE v.step = 0; SELECT count(*) c FROM values WHERE step = 0"))
                .isEqualTo("name,value\nlogits,\"[1.0,2.0]\"\nc\n1\n");
    }

    @Test
    void theFloat16ColumnGoesThroughTheSameFunctions() {
        assertThat(
                        result(
                                run,
                                "--format",
                                "csv",
                                "SELECT l2_norm(vector_f16) n, f16_decode(vector_f16) d, vector_f16 FROM activations WHERE name = 'half'"))
                .isEqualTo("n,d,vector_f16\n2.23606797749979,\"[1.0,-2.0]\",ADwAwA==\n");
    }

    @Test
    void severalRunsHaveASchemaEach() {
        assertThat(result(
                        run,
                        other,
                        "--format",
                        "csv",
                        "SELECT x.prompt_id, l2_distance(x.vector, y.vector) AS d"
                                + " FROM run1.activations x JOIN run2.activations y USING (prompt_id, module, name, position)"
                                + " WHERE name = 'resid' AND module = 'h.0' ORDER BY 1"))
                .isEqualTo("prompt_id,d\na,3.1622776601683795\nb,3.1622776601683795\n");
        assertThatThrownBy(() -> result(run, other, "SELECT 1 FROM activations"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    }

    @Test
    void commitRecordsAreAViewOfARunAloneAndOfEachOfSeveral() {
        assertThat(result(
                        run,
                        "--format",
                        "csv",
                        "SELECT chunk, attempt, counters.tokens AS tokens, worker.host AS host FROM commits"))
                .isEqualTo("chunk,attempt,tokens,host\n0,it's \\,1,here\n");
        assertThat(result(
                        run,
                        other,
                        "--format",
                        "csv",
                        "SELECT x.counters.tokens AS x, y.counters['tokens'] AS y, y.counters['none'] AS z"
                                + " FROM run1.commits x JOIN run2.commits y USING (chunk)"))
                .isEqualTo("x,y,z\n1,2,\n");
    }

    @Test
    void duplicateColumnNamesAreNoTrouble() {
        String query = "SELECT x.prompt_id, y.prompt_id FROM prompts x JOIN prompts y ON x.label = y.label";
        assertThat(result(run, "--format", "csv", query)).isEqualTo("prompt_id,prompt_id\na,a\n");
        assertThat(result(run, query)).contains("prompt_id | prompt_id");
    }

    @Test
    void statementsOfAFileRunInOrder() throws IOException {
        Path file = Files.writeString(
                directory.resolve("q.sql"),
                "-- a comment; with a semicolon\nCREATE TEMPORARY VIEW w AS SELECT vector AS v FROM activations WHERE layer = 1;\n"
                        + "SELECT count(dot(v, v)) AS n FROM w;");
        assertThat(result(run, "-f", file.toString(), "--format", "csv")).isEqualTo("n\n2\n");
    }

    @Test
    void explainIsPrintedAsTheTextItIs() {
        assertThat(result(run, "EXPLAIN SELECT dot(vector, vector) FROM activations"))
                .startsWith("== Physical Plan ==\n")
                .contains("dot(vector");
    }

    @Test
    void aWrongQueryIsOneMessageWithItsPlace() {
        assertThatThrownBy(() -> result(run, "SELECT nothing FROM activations"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("`nothing` cannot be resolved")
                .hasMessageContaining("line 1 pos 7")
                .hasMessageNotContaining("'Project")
                .hasMessageNotContaining("\tat ");
        assertThatThrownBy(() -> result(run, "SELECT 1 +"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("PARSE_SYNTAX_ERROR");
    }

    @Test
    void aMisspeltFunctionOrTableIsSuggested() {
        assertThatThrownBy(() -> result(run, "SELECT l2norm(vector) FROM activations"))
                .hasMessageContaining("`l2norm`")
                .hasMessageContaining("did you mean 'l2_norm'?");
        assertThatThrownBy(() -> result(run, "SELECT 1 FROM activation"))
                .hasMessageContaining("did you mean 'activations'?");
    }

    @Test
    void aTableThatCannotBeMadeSaysWhatToDoInstead() {
        assertThatThrownBy(() -> result(run, "CREATE TABLE copy AS SELECT * FROM prompts"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("CREATE TEMPORARY VIEW")
                .hasMessageNotContaining("Hive");
    }

    @Test
    void aFunctionsDescriptionIsPrintedAsTheTextItIs() {
        assertThat(result(run, "DESCRIBE FUNCTION EXTENDED dot"))
                .contains("Usage: ", "SELECT dot(")
                .doesNotContain("\\n", "…", "function_desc");
    }

    @Test
    void sparkSettingsAreTaken() {
        assertThat(result(
                        run,
                        "--conf",
                        "spark.sql.shuffle.partitions=3",
                        "--format",
                        "csv",
                        "SET spark.sql.shuffle.partitions"))
                .contains("3");
    }

    @Test
    void aQueryThatFailsWhileItRunsGives1AndTheFunctionsMessage() {
        Outcome outcome = execute(run, "SELECT dot(vector, array(1.0)) FROM activations WHERE name = 'resid'");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("sql: dot: the vectors have 3 and 1 elements, but must be equally long\n");
    }

    @Test
    void aDirectoryThatIsNoRunIsRefusedNamingTheRunsInIt() throws IOException {
        Files.createDirectories(directory.resolve("empty"));
        Files.createDirectories(directory.resolve("outer/facts/activations"));
        Files.writeString(directory.resolve("outer/facts/manifest.json"), "{}");
        assertThatThrownBy(() -> result(directory.resolve("empty").toString(), "SELECT 1 AS x"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("empty is not a run directory: it has no manifest.json");
        assertThatThrownBy(() -> result(directory.resolve("outer").toString(), "SELECT 1 AS x"))
                .hasMessageContaining("did you mean " + directory.resolve("outer/facts") + "?");
        assertThatThrownBy(() -> result(directory.resolve("gone").toString(), "SELECT 1 AS x"))
                .hasMessage("there is no directory " + directory.resolve("gone"));
    }

    @Test
    void aWordThatIsNeitherRunNorQueryIsRefused() {
        assertThatThrownBy(() -> result(run, "out/typo"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'out/typo' is neither a run directory nor a query");
        assertThat(execute(run, "--format", "xml", "SELECT 1 AS x").code()).isEqualTo(2);
    }

    @Test
    void theScratchWarehouseIsRemoved() throws IOException {
        Set<String> before = scratchWarehouses();
        result(run, "SELECT 1 AS x");
        assertThat(scratchWarehouses()).isSubsetOf(before);
        assertThat(Path.of("spark-warehouse")).doesNotExist();
    }

    /** Other processes of this machine may have some. */
    private static Set<String> scratchWarehouses() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("sightline-sql-\\d+"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void theShellRunsStatementsOverSeveralLinesAndSurvivesErrors() throws IOException {
        String typed =
                "SELECT count(*) AS n\nFROM activations;\nSELECT oops;\nSELECT ';' AS semicolon; SELECT 2 AS two;\nhelp\n\\q\n";
        Path history = directory.resolve("history");
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        try (SqlSession session = SqlSession.open("local[2]", List.of(run));
                Terminal terminal =
                        new DumbTerminal(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), shown)) {
            assertThat(new SqlShell(session, ResultFormat.CSV).run(terminal, history))
                    .isZero();
        }
        assertThat(shown.toString(StandardCharsets.UTF_8).replace("\r", ""))
                .contains("n\n5\n", "`oops` cannot be resolved", "semicolon\n;\n", "two\n2\n", "SHOW FUNCTIONS LIKE");
        assertThat(Files.readString(history)).contains("SELECT count(*) AS n");
    }

    @Test
    void aRunThatIsNotFinishedIsToldFromAWholeOne() throws IOException {
        Path unfinished;
        try (LocalSpark spark = LocalSpark.start()) {
            unfinished = spark.directory().resolve("unfinished");
            TinyRun.write(spark, unfinished, 1);
        }
        Files.move(unfinished.resolve("manifest.json"), unfinished.resolve("_run.json"));
        Outcome outcome = execute(unfinished.toString(), "SELECT 1 AS one");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("is not finished: these are its 1 committed chunks", "--resume");
    }

    private record Outcome(int code, String out, String err) {}

    private static String result(String... arguments) {
        Outcome outcome = execute(arguments);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        return outcome.out();
    }

    /** As Main does it, but a UsageException comes out. */
    private static Outcome execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<RuntimeException> thrown = new ArrayList<>();
        CommandLine command = new CommandLine(new SqlCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    thrown.add((RuntimeException) failure);
                    return 1;
                });
        List<String> all = new ArrayList<>(List.of("--master", "local[2]"));
        all.addAll(List.of(arguments));
        int code = command.execute(all.toArray(String[]::new));
        if (!thrown.isEmpty()) {
            throw thrown.get(0);
        }
        return new Outcome(code, out.toString(), err.toString());
    }
}
