package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java program that the README shows, run as its reader would run it. */
class ReadmeTest {
    private static final Path REPOSITORY = Fixtures.repositoryPath("");
    private static final Pattern SHOWN =
            Pattern.compile("^```java\\n(.*?\\n)```\\n\\n```\\n(.*?\\n)```$", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void theProgramInTheReadmeIsTheFileInTheRepositoryAndPrintsWhatTheReadmeSays(@TempDir Path folder)
            throws IOException, InterruptedException {
        Matcher readme = SHOWN.matcher(Files.readString(REPOSITORY.resolve("README.md")));
        assertThat(readme.find()).isTrue();
        String program = Files.readString(REPOSITORY.resolve("conf/quickstart/Ablation.java"));
        assertThat(program).endsWith(readme.group(1));

        assertThat(run("conf/quickstart/Ablation.java", folder)).isEqualTo(readme.group(2));
    }

    /** {@code java FILE.java} with the tests' class path, from the repository's folder. */
    private static String run(String file, Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-DOPT_OUT_TRACKING=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        file)
                .directory(REPOSITORY.toFile())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        assertThat(java.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(java.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
        return Files.readString(out);
    }
}
