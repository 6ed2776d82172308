package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.TableSchemas;
import io.sightline.job.table.VectorType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.util.Statistics;

/**
 * Megabytes of vectors that one second of one thread's CPU writes: {@code scripts/benchmark-writer} runs it. Both sides write the same
 * rows with the same columns and codec to the local disk; ours is measured from the first append to the commit, Spark's
 * DataFrameWriter by the CPU time of its tasks, which begin with rows that hold a {@code float[]}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class WriterBenchmark {
    private static final int ROWS_PER_PROMPT = 25;
    private static final int MODULES = 4;
    private static final int DISTINCT = 4000;

    /** What is written, made once. */
    @State(Scope.Benchmark)
    public static class Rows {
        @Param("768")
        int width;

        @Param("40000")
        int rows;

        @Param({"uncompressed", "zstd"})
        String compression;

        static float[][] vectors = new float[0][];
        static String[] texts = new String[0];
        Path directory = Path.of("");

        @Setup
        public void make() throws IOException {
            Random random = new Random(1);
            vectors = new float[DISTINCT][width];
            for (float[] vector : vectors) {
                for (int i = 0; i < width; i++) {
                    vector[i] = (float) random.nextGaussian();
                }
            }
            texts = IntStream.range(0, 500).mapToObj(i -> "Ġtoken" + i).toArray(String[]::new);
            directory = Files.createTempDirectory("sightline-benchmark-");
        }

        @TearDown(Level.Iteration)
        public void empty() throws IOException {
            delete(directory);
            Files.createDirectories(directory);
        }

        @TearDown
        public void delete() throws IOException {
            delete(directory);
        }

        private static void delete(Path tree) throws IOException {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }

        double megabytes() {
            return (double) rows * width * Float.BYTES / 1e6;
        }

        int prompts() {
            return rows / (ROWS_PER_PROMPT * MODULES);
        }
    }

    /** The figure. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Rate {
        public double megabytesPerCpuSecond;

        void set(double megabytes, long cpuNanos) {
            megabytesPerCpuSecond = megabytes / (cpuNanos / 1e9);
        }
    }

    /** Spark in this JVM, one thread, and the CPU time of its tasks. */
    @State(Scope.Benchmark)
    public static class Spark {
        private final AtomicLong cpuNanos = new AtomicLong();
        SparkSession session = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.log.level", "ERROR")
                .getOrCreate();

        @Setup
        public void listen() {
            session.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                    cpuNanos.addAndGet(end.taskMetrics().executorCpuTime());
                }
            });
        }

        long takeCpuNanos() throws TimeoutException {
            session.sparkContext().listenerBus().waitUntilEmpty();
            return cpuNanos.getAndSet(0);
        }

        @TearDown
        public void stop() {
            session.stop();
        }
    }

    /** Our state outlives iterations, as a RunWriter does chunks. */
    @State(Scope.Benchmark)
    public static class Ours {
        RunWriter writer = RunWriter.of(RunDirectory.of("unset"), WriteOptions.DEFAULT, new Configuration());

        @Setup
        public void open(Rows rows) {
            RunDirectory run = RunDirectory.of(rows.directory.resolve("ours").toString());
            WriteOptions options = WriteOptions.DEFAULT.withCompression(Compression.of(rows.compression));
            writer = RunWriter.of(run, options, new Configuration());
        }
    }

    @Benchmark
    public long sightline(Rows rows, Ours ours, Rate rate) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        float[] batch = new float[ROWS_PER_PROMPT * rows.width];
        long bytes;
        try (ChunkWriter chunk = ours.writer.open(new ChunkIdentity(0, "a"))) {
            for (int prompt = 0; prompt < rows.prompts(); prompt++) {
                append(chunk, prompt, rows.width, batch);
            }
            bytes = chunk.commit().bytes();
        }
        rate.set(rows.megabytes(), ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        return bytes;
    }

    private static void append(ChunkWriter chunk, int prompt, int width, float[] batch) {
        PromptRef ref = new PromptRef(prompt, "prompt-" + prompt);
        int[] ids =
                IntStream.range(0, ROWS_PER_PROMPT).map(i -> token(prompt, i)).toArray();
        String[] texts = IntStream.of(ids).mapToObj(id -> Rows.texts[id]).toArray(String[]::new);
        TokenSpan tokens = TokenSpan.of(0, ids, texts);
        for (int module = 0; module < MODULES; module++) {
            for (int row = 0; row < ROWS_PER_PROMPT; row++) {
                System.arraycopy(vector(module, prompt, row), 0, batch, row * width, width);
            }
            ActivationGroup group =
                    new ActivationGroup("resid", "transformer.h." + module, module, "output", VectorType.FLOAT32);
            chunk.activations(group).append(ref, 0, tokens, width, batch, 0);
        }
    }

    private static int token(int prompt, int row) {
        return (prompt * 31 + row * 7) % Rows.texts.length;
    }

    private static float[] vector(int module, int prompt, int row) {
        return Rows.vectors[((module * 1000 + prompt) * ROWS_PER_PROMPT + row) % DISTINCT];
    }

    @Benchmark
    public void sparkDataFrameWriter(Rows rows, Spark spark, Rate rate) throws TimeoutException {
        int prompts = rows.prompts();
        spark.takeCpuNanos();
        try (JavaSparkContext context = new KeptContext(spark.session)) {
            spark.session
                    .createDataFrame(
                            context.parallelize(List.of(0), 1).flatMap(one -> sparkRows(prompts)),
                            TableSchemas.ACTIVATIONS)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .option("compression", rows.compression)
                    .parquet(rows.directory.resolve("spark").toString());
        }
        rate.set(rows.megabytes(), spark.takeCpuNanos());
    }

    /** Closing it leaves the session alone. */
    private static final class KeptContext extends JavaSparkContext {
        KeptContext(SparkSession session) {
            super(session.sparkContext());
        }

        @Override
        public void close() {}
    }

    private static Iterator<Row> sparkRows(int prompts) {
        List<Integer> modules =
                new ArrayList<>(IntStream.range(0, MODULES).boxed().toList());
        return modules.stream()
                .flatMap(module -> IntStream.range(0, prompts).boxed().flatMap(prompt -> sparkRows(module, prompt)))
                .iterator();
    }

    private static Stream<Row> sparkRows(int module, int prompt) {
        String id = "prompt-" + prompt;
        String path = "transformer.h." + module;
        return IntStream.range(0, ROWS_PER_PROMPT).mapToObj(row -> {
            int token = token(prompt, row);
            return RowFactory.create(
                    id,
                    "resid",
                    path,
                    module,
                    "output",
                    0,
                    row,
                    token,
                    Rows.texts[token],
                    vector(module, prompt, row),
                    null);
        });
    }

    /** Runs the benchmarks with JMH's own arguments, then prints the mean rates, which JMH itself would add up over iterations. */
    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        for (RunResult result : new Runner(new CommandLineOptions(arguments)).run()) {
            Statistics rate =
                    result.getSecondaryResults().get("megabytesPerCpuSecond").getStatistics();
            System.out.printf(
                    "%-22s %-13s %6.0f MB per CPU second (%.0f to %.0f in %d runs)%n",
                    result.getPrimaryResult().getLabel(),
                    result.getParams().getParam("compression"),
                    rate.getMean(),
                    rate.getMin(),
                    rate.getMax(),
                    rate.getN());
        }
    }
}
