package io.sightline.job.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page shows the very Java that {@link ActivationExtractorSuite} runs, and every parameter with its default. */
class SparkMlPageTest {
    private static final Pattern TESTED =
            Pattern.compile("^ *// \\[(?!end)([^\\]]+)]\\n(.*?)\\n *// \\[end]$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern SHOWN =
            Pattern.compile("^<!-- ([^>]+) -->\\n```java\\n(.*?)\\n```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String PAGE = "docs/SPARK_ML.md";

    @Test
    void everyJavaBlockIsCodeThatTheSuiteRuns() throws IOException {
        Map<String, String> tested =
                blocks(TESTED, "job/src/test/java/io/sightline/job/ml/ActivationExtractorSuite.java");
        assertThat(tested).isNotEmpty();
        assertThat(blocks(SHOWN, PAGE)).isEqualTo(tested);
    }

    @Test
    void everyParameterIsOnThePage() throws IOException {
        String page = Files.readString(Fixtures.repositoryPath(PAGE));
        for (var param : new ActivationExtractor().params()) {
            assertThat(page).contains("| `" + param.name() + "` |");
        }
    }

    private static Map<String, String> blocks(Pattern pattern, String file) throws IOException {
        Map<String, String> blocks = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(Files.readString(Fixtures.repositoryPath(file)));
        while (matcher.find()) {
            blocks.put(matcher.group(1), matcher.group(2).stripIndent());
        }
        return blocks;
    }
}
