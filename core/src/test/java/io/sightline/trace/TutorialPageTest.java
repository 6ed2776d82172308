package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tutorial shows the very code that {@link TutorialTest} runs. */
class TutorialPageTest {
    private static final Pattern TESTED =
            Pattern.compile("^ *// \\[(?!end)([^\\]]+)]\\n(.*?)\\n *// \\[end]$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern SHOWN =
            Pattern.compile("^<!-- ([^>]+) -->\\n```java\\n(.*?)\\n```$", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void everyJavaBlockOfTheTutorialIsCodeThatTheTestsRun() throws IOException {
        Map<String, String> tested = blocks(TESTED, "core/src/test/java/io/sightline/trace/TutorialTest.java");
        Map<String, String> shown = blocks(SHOWN, "docs/TUTORIAL.md");
        assertThat(shown).isEqualTo(tested);
        String page = Files.readString(Fixtures.repositoryPath("docs/TUTORIAL.md"));
        assertThat(page.split("```java", -1)).as("java blocks without a name").hasSize(shown.size() + 1);
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
