package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/MODELS.md is as scripts/models-table writes it, but for the digits, which differ from machine to machine. */
class ModelsTableTest {
    private static final int COLUMNS_BEFORE_FIGURES = 4;

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

    @Test
    void theFiguresOfThePageAreWithinTheTestsTolerances() throws IOException {
        for (String row : written()) {
            String[] cells = row.split("\\|");
            for (int i = COLUMNS_BEFORE_FIGURES; i < cells.length; i++) {
                String cell = cells[i].strip();
                boolean isStoredDtype = i == COLUMNS_BEFORE_FIGURES + 2;
                if (!(isStoredDtype && cell.equals("–"))) {
                    assertThat(Double.parseDouble(cell)).as(row).isBetween(0.0, isStoredDtype ? 0.2 : 2e-4);
                }
            }
        }
    }

    private static List<String> written() throws IOException {
        String page = Files.readString(Fixtures.repositoryPath(ModelsTable.PAGE));
        String table = page.substring(page.indexOf(ModelsTable.BEGIN), page.indexOf(ModelsTable.END));
        return Arrays.stream(table.split("\n"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| model_type"))
                .toList();
    }
}
