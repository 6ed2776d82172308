package io.sightline.job.table.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.VectorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationFileTest {
    private static final int VECTOR = 9;
    private static final int VECTOR_F16 = 10;

    @TempDir
    Path directory;

    private RunDirectory run;
    private WriteOptions options;

    @BeforeEach
    void place() {
        run = RunDirectory.of(directory.resolve("run").toString());
        options = WriteOptions.DEFAULT.withBufferBytes(8 << 20);
    }

    private RunWriter writer() {
        return RunWriter.of(run, options, new Configuration());
    }

    private ChunkWriter open() {
        return writer().open(new ChunkIdentity(0, "a0"));
    }

    @Test
    void rowsComeBackSortedByNameLayerPromptAndPositionHoweverBatchesArrived() throws IOException {
        try (ChunkWriter chunk = open()) {
            for (int ordinal : new int[] {3, 11, 0, 7, 5}) {
                Samples.append(chunk, ordinal, 12, 5);
            }
            chunk.commit();
        }
        List<String> expected = new ArrayList<>();
        for (int layer = 0; layer < 12; layer++) {
            for (int ordinal : new int[] {0, 3, 5, 7, 11}) {
                for (int position = 0; position < 1 + ordinal % 7; position++) {
                    expected.add("resid transformer.h." + layer + " " + layer + " output p" + ordinal + " 0 " + position
                            + " " + (100 * ordinal + position) + " Ġt" + position);
                }
            }
        }
        List<Group> rows = ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0);
        assertThat(rows).extracting(ActivationFileTest::describe).containsExactlyElementsOf(expected);
        assertThat(rows).allSatisfy(row -> {
            int ordinal = Integer.parseInt(row.getString("prompt_id", 0).substring(1));
            assertThat(ParquetFiles.floats(row, "vector"))
                    .containsExactly(
                            Samples.vector(ordinal, row.getInteger("layer", 0), row.getInteger("position", 0), 5));
        });
    }

    private static String describe(Group row) {
        return String.join(
                " ",
                row.getString("name", 0),
                row.getString("module", 0),
                String.valueOf(row.getInteger("layer", 0)),
                row.getString("io", 0),
                row.getString("prompt_id", 0),
                String.valueOf(row.getInteger("step", 0)),
                String.valueOf(row.getInteger("position", 0)),
                String.valueOf(row.getInteger("token_id", 0)),
                row.getString("token", 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 768, 16_384, 300_000})
    void vectorsOfAnyWidthComeBackBitForBit(int width) throws IOException {
        float[] vectors = Samples.vectors(1, 2, 3, width);
        if (width > 2) {
            vectors[0] = Float.NaN;
            vectors[1] = -0.0f;
            vectors[2] = Float.NEGATIVE_INFINITY;
        }
        try (ChunkWriter chunk = open()) {
            chunk.activations(Samples.layer(0))
                    .append(Samples.prompt(0), 0, TokenSpan.positions(0, 3), width, vectors, 0);
            chunk.commit();
        }
        List<Group> rows = ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0);
        assertThat(rows).hasSize(3);
        for (int row = 0; row < 3; row++) {
            float[] read = ParquetFiles.floats(rows.get(row), "vector");
            assertThat(bits(read)).isEqualTo(bits(Arrays.copyOfRange(vectors, row * width, (row + 1) * width)));
        }
    }

    private static int[] bits(float[] floats) {
        int[] bits = new int[floats.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(floats[i]);
        }
        return bits;
    }

    @Test
    void vectorsOfDifferentWidthsStandInOneGroup() throws IOException {
        try (ChunkWriter chunk = open()) {
            ActivationAppender appender = chunk.activations(Samples.layer(0));
            for (int ordinal = 0; ordinal < 4; ordinal++) {
                appender.append(
                        Samples.prompt(ordinal),
                        0,
                        TokenSpan.pooled(),
                        ordinal,
                        Samples.vector(ordinal, 0, 0, ordinal),
                        0);
            }
            chunk.commit();
        }
        List<Group> rows = ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0);
        for (int ordinal = 0; ordinal < 4; ordinal++) {
            assertThat(ParquetFiles.floats(rows.get(ordinal), "vector"))
                    .containsExactly(Samples.vector(ordinal, 0, 0, ordinal));
        }
        assertThat(groupsMetadata()).contains("\"shape\":[-1]");
    }

    @Test
    void aPooledRowOfAModuleWithoutALayerHasNoLayerPositionOrToken() throws IOException {
        try (ChunkWriter chunk = open()) {
            chunk.activations(new ActivationGroup("mean", "transformer.ln_f", null, "output", VectorType.FLOAT32))
                    .append(Samples.prompt(0), 0, TokenSpan.pooled(), 2, new float[] {1, 2}, 0);
            chunk.commit();
        }
        Group row = ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0).get(0);
        for (String column : List.of("layer", "position", "token_id", "token", "vector_f16")) {
            assertThat(row.getFieldRepetitionCount(column)).as(column).isZero();
        }
        assertThat(row.getFieldRepetitionCount("vector")).isOne();
    }

    @Test
    void halfPrecisionBitsGoLittleEndianIntoVectorF16() throws IOException {
        try (ChunkWriter chunk = open()) {
            ActivationGroup half = new ActivationGroup("resid", "transformer.h.0", 0, "output", VectorType.FLOAT16);
            chunk.activations(half)
                    .append(
                            Samples.prompt(0),
                            0,
                            TokenSpan.positions(0, 2),
                            3,
                            new short[] {9, 0x3c00, 1, -2, 3, 4, 5},
                            1);
            Samples.append(chunk, 6, 1, 3);
            chunk.commit();
        }
        List<Group> rows = ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0);
        List<Group> halves = rows.stream()
                .filter(row -> row.getFieldRepetitionCount("vector_f16") == 1)
                .toList();
        assertThat(halves).hasSize(2);
        assertThat(halves).allMatch(row -> row.getFieldRepetitionCount("vector") == 0);
        assertThat(halves.get(0).getBinary("vector_f16", 0).getBytes()).containsExactly(0, 0x3c, 1, 0, 0xfe, 0xff);
        assertThat(halves.get(1).getBinary("vector_f16", 0).getBytes()).containsExactly(3, 0, 4, 0, 5, 0);
        assertThat(rows).hasSize(9);
        assertThat(ParquetFiles.floats(rows.get(0), "vector")).containsExactly(Samples.vector(6, 0, 0, 3));
    }

    @Test
    void aRowGroupHoldsOneModuleOnlyAndNoMoreThanItsLimit() throws IOException {
        options = options.withMaxRowGroupBytes(10 * 256 * 4).withPageBytes(3 * 256 * 4);
        try (ChunkWriter chunk = open()) {
            for (int ordinal = 0; ordinal < 7; ordinal++) {
                Samples.append(chunk, ordinal, 3, 256);
            }
            chunk.commit();
        }
        try (ParquetFileReader reader = ParquetFiles.open(run, RunTable.ACTIVATIONS, 0)) {
            List<BlockMetaData> blocks = reader.getFooter().getBlocks();
            assertThat(blocks)
                    .extracting(BlockMetaData::getRowCount)
                    .containsExactly(10L, 10L, 8L, 10L, 10L, 8L, 10L, 10L, 8L);
            for (BlockMetaData block : blocks) {
                for (ColumnChunkMetaData column : block.getColumns().subList(0, 4)) {
                    if (!column.getPath().toDotString().equals("prompt_id")) {
                        assertThat(column.getStatistics().minAsString())
                                .isEqualTo(column.getStatistics().maxAsString());
                    }
                }
                ColumnChunkMetaData vector = block.getColumns().get(VECTOR);
                assertThat(vector.getEncodings()).containsExactlyInAnyOrder(Encoding.RLE, Encoding.PLAIN);
                assertThat(vector.getValueCount()).isEqualTo(block.getRowCount() * 256);
                assertThat(reader.readOffsetIndex(vector).getPageCount())
                        .isEqualTo((int) (block.getRowCount() + 2) / 3);
            }
        }
        assertThat(ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0)).hasSize(84);
    }

    @Test
    void thePageIndexDoesNotCallVectorsNull() throws IOException {
        try (ChunkWriter chunk = open()) {
            Samples.append(chunk, 3, 1, 4);
            ActivationGroup half = new ActivationGroup("half", "transformer.h.0", 0, "output", VectorType.FLOAT16);
            chunk.activations(half).append(Samples.prompt(0), 0, TokenSpan.pooled(), 1, new short[] {7}, 0);
            chunk.commit();
        }
        try (ParquetFileReader reader = ParquetFiles.open(run, RunTable.ACTIVATIONS, 0)) {
            List<BlockMetaData> blocks = reader.getFooter().getBlocks();
            assertThat(nullPages(reader, blocks.get(0), VECTOR_F16)).containsExactly(false);
            assertThat(nullPages(reader, blocks.get(0), VECTOR)).containsExactly(true);
            assertThat(nullPages(reader, blocks.get(1), VECTOR)).containsExactly(false);
            assertThat(nullPages(reader, blocks.get(1), VECTOR_F16)).containsExactly(true);
        }
    }

    private static List<Boolean> nullPages(ParquetFileReader reader, BlockMetaData block, int column)
            throws IOException {
        ColumnIndex index = reader.readColumnIndex(block.getColumns().get(column));
        return index.getNullPages();
    }

    @Test
    void theFootersMetadataDescribesGroupsAndRun() throws IOException {
        options = options.withMetadata("graph_hash", "abc");
        try (ChunkWriter chunk = open()) {
            Samples.append(chunk, 3, 2, 4);
            chunk.commit();
        }
        assertThat(groupsMetadata())
                .isEqualTo(
                        "[{\"name\":\"resid\",\"module\":\"transformer.h.0\",\"layer\":0,\"io\":\"output\",\"dtype\":\"float32\",\"rows\":4,\"shape\":[4]},"
                                + "{\"name\":\"resid\",\"module\":\"transformer.h.1\",\"layer\":1,\"io\":\"output\",\"dtype\":\"float32\",\"rows\":4,\"shape\":[4]}]");
        try (ParquetFileReader reader = ParquetFiles.open(run, RunTable.ACTIVATIONS, 0)) {
            assertThat(reader.getFileMetaData().getKeyValueMetaData()).containsEntry("sightline.graph_hash", "abc");
        }
    }

    private String groupsMetadata() throws IOException {
        try (ParquetFileReader reader = ParquetFiles.open(run, RunTable.ACTIVATIONS, 0)) {
            return reader.getFileMetaData().getKeyValueMetaData().get("sightline.groups");
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyCodecComesBackAndNamesItself(Compression compression) throws IOException {
        options = options.withCompression(compression);
        try (ChunkWriter chunk = open()) {
            Samples.append(chunk, 6, 2, 768);
            chunk.commit();
        }
        try (ParquetFileReader reader = ParquetFiles.open(run, RunTable.ACTIVATIONS, 0)) {
            assertThat(reader.getFooter().getBlocks().get(0).getColumns())
                    .extracting(ColumnChunkMetaData::getCodec)
                    .containsOnly(compression.codec());
        }
        List<Group> rows = ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0);
        assertThat(ParquetFiles.floats(rows.get(13), "vector")).containsExactly(Samples.vector(6, 1, 6, 768));
    }

    @Test
    void aChunkBeyondTheBuffersIsSpilledAndWrittenTheSame() {
        CommitRecord inMemory = commitMany("small", 64 << 20);
        CommitRecord spilled = commitMany("large", 1 << 20);
        assertThat(spilled.files()).isEqualTo(inMemory.files());
        assertThat(spilled.vectorChecksum()).isEqualTo(inMemory.vectorChecksum());
        assertThat(directory.toFile().listFiles((dir, name) -> name.startsWith(".sightline-spill")))
                .isEmpty();
    }

    private CommitRecord commitMany(String name, long bufferBytes) {
        RunWriter writer = RunWriter.of(
                RunDirectory.of(directory.resolve(name).toString()),
                options.withBufferBytes(bufferBytes).withSpillDirectory(directory.toString()),
                new Configuration());
        try (ChunkWriter chunk = writer.open(new ChunkIdentity(0, "a0"))) {
            for (int ordinal = 0; ordinal < 60; ordinal++) {
                Samples.append(chunk, ordinal, 3, 3001);
            }
            assertThat(writer.bufferedBytes()).isLessThanOrEqualTo(bufferBytes + WriteBuffers.BLOCK_BYTES);
            return chunk.commit();
        } finally {
            assertThat(writer.bufferedBytes()).isZero();
        }
    }

    @Test
    void aRowAppendedTwiceIsRefused() {
        try (ChunkWriter chunk = open()) {
            Samples.append(chunk, 4, 1, 2);
            chunk.activations(Samples.layer(0))
                    .append(Samples.prompt(4), 0, TokenSpan.positions(4, 2), 2, new float[4], 0);
            assertThatThrownBy(chunk::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "module transformer.h.0, prompt p4, step 0 at position 4 were appended twice");
        }
    }

    @Test
    void rewindingForgetsWhatAHalfDoneBatchAppended() throws IOException {
        try (ChunkWriter chunk = open()) {
            Samples.append(chunk, 0, 1, 2);
            ChunkMark mark = chunk.mark();
            Samples.append(chunk, 1, 2, 2);
            chunk.value(Samples.prompt(1), "v", 0, new int[0], new float[1], 0);
            chunk.error(new ErrorRow(Samples.prompt(1), "forward", "java.lang.Error", null));
            chunk.rewind(mark);
            Samples.append(chunk, 1, 1, 2);
            CommitRecord record = chunk.commit();
            assertThat(record.rows(RunTable.ACTIVATIONS)).isEqualTo(3);
            assertThat(record.rows(RunTable.VALUES)).isZero();
            assertThat(record.rows(RunTable.ERRORS)).isZero();
        }
        assertThat(ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0))
                .extracting(row -> row.getString("prompt_id", 0))
                .containsExactly("p0", "p1", "p1");
    }

    @Test
    void wrongVectorsAreRefusedByName() {
        try (ChunkWriter chunk = open()) {
            ActivationAppender appender = chunk.activations(Samples.layer(0));
            assertThatThrownBy(
                            () -> appender.append(Samples.prompt(0), 0, TokenSpan.positions(0, 3), 2, new float[6], 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "capture 'resid', module transformer.h.0: 3 rows of 2 numbers from 1 on do not fit an array of 6");
            assertThatThrownBy(
                            () -> appender.append(Samples.prompt(0), 0, TokenSpan.positions(0, 3), 2, new short[6], 0))
                    .hasMessage("capture 'resid' stores float32, not float16");
        }
    }

    @Test
    void valuesComeBackWithTheirShapesNodeByNode() throws IOException {
        try (ChunkWriter chunk = open()) {
            chunk.value(Samples.prompt(2), "logits", 0, new int[] {2, 3}, new float[] {9, 1, 2, 3, 4, 5, 6}, 1);
            chunk.value(Samples.prompt(1), "scalar", 0, new int[0], new float[] {7}, 0);
            chunk.value(Samples.prompt(1), "logits", 1, new int[] {0, 3}, new float[0], 0);
            chunk.value(Samples.prompt(1), "logits", 0, new int[] {1}, new float[] {-1}, 0);
            chunk.commit();
        }
        List<Group> rows = ParquetFiles.rows(run, RunTable.VALUES, 0);
        assertThat(rows)
                .extracting(row ->
                        row.getString("name", 0) + " " + row.getString("prompt_id", 0) + " " + row.getInteger("step", 0)
                                + " " + row.getGroup("shape", 0).getFieldRepetitionCount(0))
                .containsExactly("logits p1 0 1", "logits p1 1 2", "logits p2 0 2", "scalar p1 0 0");
        assertThat(ParquetFiles.floats(rows.get(0), "value")).containsExactly(-1);
        assertThat(ParquetFiles.floats(rows.get(1), "value")).isEmpty();
        assertThat(ParquetFiles.floats(rows.get(2), "value")).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(ParquetFiles.floats(rows.get(3), "value")).containsExactly(7);
        assertThat(Set.copyOf(ParquetFiles.rows(run, RunTable.ACTIVATIONS, 0))).isEmpty();
    }

    @Test
    void aValueShorterThanItsShapeIsRefused() {
        try (ChunkWriter chunk = open()) {
            assertThatThrownBy(() -> chunk.value(Samples.prompt(1), "v", 0, new int[] {2, 2}, new float[5], 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("value 'v' of prompt p1 has 4 numbers; the array from 2 on has 3");
        }
    }
}
