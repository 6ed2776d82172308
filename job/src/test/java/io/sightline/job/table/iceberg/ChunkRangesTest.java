package io.sightline.job.table.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkRangesTest {
    @Test
    void neighboursBecomeARange() {
        assertThat(ChunkRanges.write(List.of(7, 0, 1, 2, 4, 5))).isEqualTo("0-2,4-5,7");
        assertThat(ChunkRanges.write(List.of())).isEmpty();
        assertThat(ChunkRanges.read("0-2,4-5,7")).containsExactly(0, 1, 2, 4, 5, 7);
        assertThat(ChunkRanges.read("")).isEmpty();
    }

    @Test
    void anythingElseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChunkRanges.read("0-2,all"))
                .withMessage("'0-2,all' is no list of chunks such as 0-411,415");
    }
}
