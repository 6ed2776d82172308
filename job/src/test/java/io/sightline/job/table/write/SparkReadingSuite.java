package io.sightline.job.table.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.TableSchemas;
import io.sightline.job.table.VectorType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scalatestplus.junit5.JUnitSuite;
import scala.collection.JavaConverters;

/** What Spark makes of the tables, with its vectorised reader and without. */
public class SparkReadingSuite extends JUnitSuite {
    private static final String VECTORISED = "spark.sql.parquet.enableVectorizedReader";
    private static SparkSession spark;

    @TempDir
    public Path directory;

    private RunDirectory run;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("SparkReadingSuite")
                .config("spark.ui.enabled", false)
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void place() {
        run = RunDirectory.of(directory.resolve("run").toString());
        spark.conf().set(VECTORISED, true);
    }

    private void write(int chunkNumber, WriteOptions options, Consumer<ChunkWriter> rows) {
        try (ChunkWriter chunk =
                RunWriter.of(run, options, new Configuration()).open(new ChunkIdentity(chunkNumber, "a0"))) {
            rows.accept(chunk);
            chunk.commit();
        }
    }

    private Dataset<Row> read(RunTable table) {
        return spark.read().parquet(run.table(table).toString());
    }

    @Test
    void activationsComeBackExactlyWithTheVectorisedReaderAndWithout() {
        WriteOptions small = WriteOptions.DEFAULT.withMaxRowGroupBytes(40_000).withPageBytes(7_000);
        write(0, small, chunk -> fill(chunk, 0, 40));
        write(1, small, chunk -> fill(chunk, 40, 60));
        for (boolean vectorised : new boolean[] {true, false}) {
            spark.conf().set(VECTORISED, vectorised);
            Dataset<Row> table = read(RunTable.ACTIVATIONS);
            assertThat(table.schema()).isEqualTo(asNullable(TableSchemas.ACTIVATIONS));
            List<Row> rows = table.filter("name = 'resid'").collectAsList();
            assertThat(rows).hasSize(3 * tokensOf(60));
            assertThat(rows).allSatisfy(SparkReadingSuite::assertIsTheSample);
        }
    }

    private static void fill(ChunkWriter chunk, int from, int to) {
        for (int ordinal = to - 1; ordinal >= from; ordinal--) {
            Samples.append(chunk, ordinal, 3, 100);
        }
    }

    private static int tokensOf(int prompts) {
        int tokens = 0;
        for (int ordinal = 0; ordinal < prompts; ordinal++) {
            tokens += Samples.tokens(ordinal).count();
        }
        return tokens;
    }

    private static void assertIsTheSample(Row row) {
        int ordinal = Integer.parseInt(row.<String>getAs("prompt_id").substring(1));
        int layer = row.getAs("layer");
        int position = row.getAs("position");
        assertThat(row.<Integer>getAs("token_id")).isEqualTo(100 * ordinal + position);
        assertThat(row.<String>getAs("token")).isEqualTo("Ġt" + position);
        assertThat(row.<String>getAs("module")).isEqualTo("transformer.h." + layer);
        assertThat(row.<Object>getAs("vector_f16")).isNull();
        assertThat(floats(row, "vector")).containsExactly(Samples.vector(ordinal, layer, position, 100));
    }

    private static float[] floats(Row row, String column) {
        List<Float> list = row.getList(row.fieldIndex(column));
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = list.get(i);
        }
        return floats;
    }

    private static StructType asNullable(StructType schema) {
        return schema.asNullable();
    }

    @Test
    void narrowWideNullAndHalfVectorsComeBackInOneTable() {
        float[] wide = Samples.vector(1, 1, 1, 16_384);
        write(0, WriteOptions.DEFAULT, chunk -> {
            chunk.activations(new ActivationGroup("a", "wide", null, "input", VectorType.FLOAT32))
                    .append(Samples.prompt(0), 2, TokenSpan.pooled(), 16_384, wide, 0);
            chunk.activations(new ActivationGroup("b", "narrow.1", 1, "output", VectorType.FLOAT32))
                    .append(Samples.prompt(0), 0, TokenSpan.positions(0, 3), 1, new float[] {1, 2, 3}, 0);
            chunk.activations(new ActivationGroup("c", "half.2", 2, "output", VectorType.FLOAT16))
                    .append(Samples.prompt(0), 0, TokenSpan.positions(0, 2), 1, new short[] {0x3c00, 0x4000}, 0);
        });
        for (boolean vectorised : new boolean[] {true, false}) {
            spark.conf().set(VECTORISED, vectorised);
            List<Row> rows =
                    read(RunTable.ACTIVATIONS).orderBy("name", "position").collectAsList();
            assertThat(rows).hasSize(6);
            assertThat(floats(rows.get(0), "vector")).containsExactly(wide);
            assertThat(rows.get(0).isNullAt(3)
                            && rows.get(0).isNullAt(6)
                            && rows.get(0).isNullAt(8))
                    .isTrue();
            assertThat(rows.get(0).<Integer>getAs("step")).isEqualTo(2);
            assertThat(floats(rows.get(3), "vector")).containsExactly(3);
            assertThat(rows.get(4).<Object>getAs("vector")).isNull();
            assertThat(rows.get(4).<byte[]>getAs("vector_f16")).containsExactly(0, 0x3c);
            assertThat(rows.get(5).<byte[]>getAs("vector_f16")).containsExactly(0, 0x40);
        }
    }

    @Test
    void oneLayerIsReadWithoutTheRowGroupsOfTheOthers() {
        write(0, WriteOptions.DEFAULT, chunk -> {
            for (int ordinal = 0; ordinal < 30; ordinal++) {
                Samples.append(chunk, ordinal, 12, 16);
            }
        });
        assertThat(recordsRead("layer = 3")).isEqualTo(tokensOf(30));
        assertThat(recordsRead("module = 'transformer.h.11' and name = 'resid'"))
                .isEqualTo(tokensOf(30));
        assertThat(recordsRead("layer = 12")).isZero();
        assertThat(recordsRead("layer >= 0")).isEqualTo(12L * tokensOf(30));
    }

    /** Rows that Spark's scan took from the file, before its own filter. */
    private long recordsRead(String filter) {
        AtomicLong records = new AtomicLong();
        SparkListener listener = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                records.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
            }
        };
        spark.sparkContext().addSparkListener(listener);
        try {
            read(RunTable.ACTIVATIONS).filter(filter).select("vector").collectAsList();
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new IllegalStateException("Spark's listener bus does not come to rest", e);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        return records.get();
    }

    @Test
    void anEmptyChunkIsAnEmptyTableWithItsColumns() {
        StructType kept = new StructType().add("task", DataTypes.StringType);
        write(0, WriteOptions.DEFAULT.withKept(kept), chunk -> {});
        for (RunTable table : RunTable.values()) {
            assertThat(read(table).count()).isZero();
            assertThat(read(table).schema()).isEqualTo(asNullable(TableSchemas.of(table, kept)));
        }
    }

    @Test
    void stagedAndCommitFilesAreNoRowsOfAnyTable() throws IOException {
        write(0, WriteOptions.DEFAULT, chunk -> fill(chunk, 0, 3));
        try (ChunkWriter open =
                RunWriter.of(run, WriteOptions.DEFAULT, new Configuration()).open(new ChunkIdentity(1, "still-open"))) {
            fill(open, 3, 6);
            assertThat(read(RunTable.ACTIVATIONS).count()).isEqualTo(3L * tokensOf(3));
        }
    }

    @Test
    void keptColumnsOfAnyTypeComeBackBesideThePrompt() {
        StructType inner = new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.StringType);
        StructType kept = new StructType()
                .add("label", DataTypes.LongType)
                .add("price", DataTypes.createDecimalType(12, 3))
                .add("at", DataTypes.TimestampType)
                .add("point", inner)
                .add("tags", DataTypes.createArrayType(DataTypes.StringType))
                .add("raw", DataTypes.BinaryType);
        List<Object> full = new ArrayList<>(Arrays.asList(
                7L,
                new BigDecimal("12.500"),
                Timestamp.valueOf("2026-11-24 05:00:00.123456"),
                RowFactory.create(1.5, "é"),
                JavaConverters.asScalaBuffer(Arrays.asList("a", null)).toSeq(),
                new byte[] {1, 2}));
        List<Object> empty = Arrays.asList(null, null, null, null, null, null);
        write(4, WriteOptions.DEFAULT.withKept(kept), chunk -> {
            chunk.prompt(new PromptRow(Samples.prompt(1), null, null, null, 0, empty));
            chunk.prompt(new PromptRow(Samples.prompt(0), "Hé", new int[] {5, 6}, new String[] {"H", "é"}, 2, full));
        });
        for (boolean vectorised : new boolean[] {true, false}) {
            spark.conf().set(VECTORISED, vectorised);
            List<Row> rows = read(RunTable.PROMPTS).collectAsList();
            Row first = rows.get(0);
            assertThat(first.getList(2)).isEqualTo(List.of(5, 6));
            assertThat(first.getList(3)).isEqualTo(List.of("H", "é"));
            assertThat(Arrays.asList(first.get(0), first.get(1), first.get(4), first.get(5)))
                    .isEqualTo(Arrays.asList("p0", "Hé", 2, 4));
            for (int i = 0; i < 5; i++) {
                assertThat(first.get(6 + i)).isEqualTo(full.get(i));
            }
            assertThat(first.<byte[]>getAs("raw")).containsExactly(1, 2);
            assertThat(rows.get(1).toSeq().drop(6).count(value -> value == null))
                    .isEqualTo(6);
            assertThat(rows.get(1).isNullAt(1)
                            && rows.get(1).isNullAt(2)
                            && rows.get(1).isNullAt(3))
                    .isTrue();
        }
    }

    @Test
    void valuesAndErrorsComeBack() {
        write(0, WriteOptions.DEFAULT, chunk -> {
            chunk.value(Samples.prompt(0), "logits", 0, new int[] {2, 2}, new float[] {1, 2, 3, 4}, 0);
            chunk.value(Samples.prompt(0), "loss", 0, new int[0], new float[] {0.5f}, 0);
            chunk.error(ErrorRow.of(Samples.prompt(9), "tokenize", new IllegalStateException("too long")));
            chunk.error(ErrorRow.of(Samples.prompt(3), "forward", new OutOfMemoryError()));
        });
        for (boolean vectorised : new boolean[] {true, false}) {
            spark.conf().set(VECTORISED, vectorised);
            assertThat(read(RunTable.VALUES).toJSON().collectAsList())
                    .containsExactly(
                            "{\"prompt_id\":\"p0\",\"name\":\"logits\",\"step\":0,\"shape\":[2,2],\"value\":[1.0,2.0,3.0,4.0]}",
                            "{\"prompt_id\":\"p0\",\"name\":\"loss\",\"step\":0,\"shape\":[],\"value\":[0.5]}");
            assertThat(read(RunTable.ERRORS).toJSON().collectAsList())
                    .containsExactly(
                            "{\"prompt_id\":\"p3\",\"stage\":\"forward\",\"error_class\":\"java.lang.OutOfMemoryError\"}",
                            "{\"prompt_id\":\"p9\",\"stage\":\"tokenize\",\"error_class\":\"java.lang.IllegalStateException\",\"message\":\"too long\"}");
        }
    }
}
