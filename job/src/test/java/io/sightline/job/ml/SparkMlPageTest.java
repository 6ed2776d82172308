package io.sightline.job.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.fixtures.PageCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page shows the very Java that {@link ActivationExtractorSuite} runs, and every parameter with its default. */
class SparkMlPageTest {
    private static final String PAGE = "docs/SPARK_ML.md";

    @Test
    void everyJavaBlockIsCodeThatTheSuiteRuns() throws IOException {
        Map<String, String> tested =
                PageCode.tested("job/src/test/java/io/sightline/job/ml/ActivationExtractorSuite.java");
        assertThat(tested).isNotEmpty();
        assertThat(PageCode.shown(PAGE)).isEqualTo(tested);
    }

    @Test
    void everyParameterIsOnThePage() throws IOException {
        String page = Files.readString(Fixtures.repositoryPath(PAGE));
        for (var param : new ActivationExtractor().params()) {
            assertThat(page).contains("| `" + param.name() + "` |");
        }
    }
}
