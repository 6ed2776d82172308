package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sightline.engine.DType;
import io.sightline.engine.ResidentMemory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loading takes the weights' memory in the compute dtype, and hardly more ({@code scripts/benchmark-load} shows it at 1 GB). */
class LoadMemoryTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"bfloat16,float32", "float32,bfloat16", "float32,float32", "bfloat16,bfloat16"})
    void theFilesPagesDoNotPileUpBesideTheWeights(String stored, String computed) throws IOException {
        SyntheticLlama.write(folder, DType.parse(stored), 512, 40_000_000);
        assumeTrue(ResidentMemory.resetPeak(), "the kernel does not let the peak be reset");
        long before = ResidentMemory.bytes();
        try (PretrainedModel model = PretrainedModel.open(folder, new LoadOptions(computed, "cpu", "sdpa"))) {
            long grown = ResidentMemory.peakBytes() - before;
            assertThat(grown).isLessThan((long) (1.2 * model.parameterBytes()));
        }
    }
}
