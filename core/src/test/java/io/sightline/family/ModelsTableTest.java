package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/MODELS.md is as scripts/models-table writes it; its digits are near those of this machine. */
class ModelsTableTest {
    private static final int COLUMNS_BEFORE_FIGURES = 4;
    private static final double FLOAT32_BOUND = 2e-5;
    private static final double STORED_BOUND = 0.05;

    @Test
    void thePageHasEveryFamilyWithItsFeaturesAndCheckpoints() throws IOException {
        assertThat(written()).as("run scripts/models-table").hasSameSizeAs(ModelsTable.rows());
        for (int i = 0; i < written().size(); i++) {
            String start = ModelsTable.rows().get(i).start();
            assertThat(written().get(i)).as("run scripts/models-table").startsWith(start);
            assertThat(ModelsTable.rows().get(i).features()).as(start).isNotEmpty();
            assertThat(ModelsTable.rows().get(i).checkpoints()).as(start).isNotEmpty();
        }
    }

    /** Sums are ordered differently on another machine, which moves the largest of many differences by a factor of 2 or so. */
    @Test
    void theFiguresOfThePageAreTheMeasuredOnesAndWithinItsBounds() throws IOException {
        List<String> written = written();
        for (int i = 0; i < written.size(); i++) {
            List<Double> measured = ModelsTable.rows().get(i).figures();
            String[] cells = written.get(i).split("\\|");
            for (int kernel = 0; kernel < 2; kernel++) {
                double figure = Double.parseDouble(cells[COLUMNS_BEFORE_FIGURES + kernel].strip());
                assertThat(measured.get(kernel)).as(written.get(i)).isBetween(0.0, FLOAT32_BOUND);
                assertThat(figure)
                        .as("run scripts/models-table: %s", written.get(i))
                        .isBetween(measured.get(kernel) / 5, measured.get(kernel) * 5);
            }
            String stored = cells[COLUMNS_BEFORE_FIGURES + 2].strip();
            assertThat(stored.equals("–")).as(written.get(i)).isEqualTo(measured.get(2) < 0);
            if (measured.get(2) >= 0) {
                assertThat(measured.get(2)).as(written.get(i)).isLessThan(STORED_BOUND);
                assertThat(Double.parseDouble(stored)).as(written.get(i)).isBetween(0.0, STORED_BOUND);
            }
        }
    }

    @Test
    void thePageStatesTheBounds() throws IOException {
        assertThat(Files.readString(Fixtures.repositoryPath(ModelsTable.PAGE)))
                .contains("at most 2e-5 in float32 and 0.05 in a 16-bit dtype");
    }

    private static List<String> written() throws IOException {
        String page = Files.readString(Fixtures.repositoryPath(ModelsTable.PAGE));
        String table = page.substring(page.indexOf(ModelsTable.BEGIN), page.indexOf(ModelsTable.END));
        return Arrays.stream(table.split("\n"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| model_type"))
                .toList();
    }
}
