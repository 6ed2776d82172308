package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.fixtures.PageCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tutorial shows the very code that {@link TutorialTest} runs. */
class TutorialPageTest {

    @Test
    void everyJavaBlockOfTheTutorialIsCodeThatTheTestsRun() throws IOException {
        Map<String, String> tested = PageCode.tested("core/src/test/java/io/sightline/trace/TutorialTest.java");
        Map<String, String> shown = PageCode.shown("docs/TUTORIAL.md");
        assertThat(shown).isEqualTo(tested);
        String page = Files.readString(Fixtures.repositoryPath("docs/TUTORIAL.md"));
        assertThat(page.split("```java", -1)).as("java blocks without a name").hasSize(shown.size() + 1);
    }
}
