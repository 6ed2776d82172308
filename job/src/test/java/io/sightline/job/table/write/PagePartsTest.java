package io.sightline.job.table.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PagePartsTest {

    @RepeatedTest(20)
    void levelRunsAreReadByParquetsOwnDecoder(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        LevelRuns runs = new LevelRuns();
        List<Integer> levels = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int level = random.nextInt(3);
            int times = random.nextInt(i % 10 == 0 ? 100_000 : 4);
            runs.add(level, times);
            for (int j = 0; j < times; j++) {
                levels.add(level);
            }
        }
        byte[] buffer = new byte[3 + runs.size()];
        int end = runs.writeTo(buffer, 3);
        assertThat(end).isEqualTo(buffer.length);
        ByteArrayInputStream encoded = new ByteArrayInputStream(buffer, 3 + Integer.BYTES, buffer.length);
        RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(2, encoded);
        for (int level : levels) {
            assertThat(decoder.readInt()).isEqualTo(level);
        }
        assertThat(encoded.available()).isZero();
    }

    @Test
    void rowsAreCutInOrderIntoPartsWithinTheLimit() {
        TokenSpan tokens = TokenSpan.positions(0, 10);
        ActivationRun wide = new ActivationRun(Samples.prompt(0), 0, tokens, new StoredRows(0, 10, 100), Float.BYTES);
        ActivationRun narrow =
                new ActivationRun(Samples.prompt(1), 0, tokens, new StoredRows(4000, 10, 1), Float.BYTES);
        List<List<ActivationRun>> parts = Sliceable.cut(List.of(wide, narrow), 1300);
        assertThat(parts)
                .extracting(part -> part.stream().map(run -> run.rows().rows()).toList())
                .containsExactly(List.of(3), List.of(3), List.of(3), List.of(1, 10));
        ActivationRun tail = parts.get(3).get(0);
        assertThat(tail.rows().address()).isEqualTo(3600);
        assertThat(tail.tokens().positionOf(0)).isEqualTo(9);
    }

    @Test
    void aRowLargerThanTheLimitIsAPartOfItsOwn() {
        ActivationRun run = new ActivationRun(
                Samples.prompt(0), 0, TokenSpan.positions(0, 3), new StoredRows(0, 3, 1000), Float.BYTES);
        assertThat(Sliceable.cut(List.of(run), 10)).hasSize(3);
    }

    @RepeatedTest(5)
    void storedRowsAreReadBackFromMemoryAndFromTheSpillFile(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        WriteBuffers buffers = new WriteBuffers(2L * WriteBuffers.BLOCK_BYTES);
        try (RowStore store = new RowStore(buffers, "")) {
            List<float[]> floats = new ArrayList<>();
            List<Long> addresses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                float[] values = new float[random.nextInt(60_000)];
                Arrays.fill(values, i);
                store.append(new short[] {1, 2, 3}, 0, random.nextInt(4));
                addresses.add(store.append(values, 0, values.length));
                floats.add(values);
            }
            assertThat(store.hasSpilled()).isTrue();
            for (int i = 39; i >= 0; i--) {
                byte[] read = new byte[floats.get(i).length * Float.BYTES];
                store.read(addresses.get(i), read, 0, read.length);
                float[] back = new float[floats.get(i).length];
                ByteBuffer.wrap(read)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(back);
                assertThat(back).isEqualTo(floats.get(i));
            }
        }
        assertThat(buffers.lentBytes()).isZero();
    }
}
