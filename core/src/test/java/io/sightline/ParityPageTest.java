package io.sightline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/PARITY.md numbers its items without a gap, and every test that is named after one names one that is there. */
class ParityPageTest {
    private static final Pattern ITEM = Pattern.compile("^(\\d+)\\. (Same|Better)\\. ", Pattern.MULTILINE);
    private static final Pattern NAMED = Pattern.compile("\"PARITY ([\\d, ]+):");

    private static Set<Integer> items() throws IOException {
        return numbers(ITEM.matcher(Files.readString(Fixtures.repositoryPath("docs/PARITY.md")))
                .results());
    }

    private static Set<Integer> numbers(Stream<MatchResult> matches) {
        return matches.flatMap(match -> Stream.of(match.group(1).split(", ")))
                .map(number -> Integer.valueOf(number.strip()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void itemsAreNumberedWithoutAGap() throws IOException {
        Set<Integer> items = items();
        assertThat(items)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, items.size()).boxed().toList());
    }

    @Test
    void testsAreNamedAfterItemsOfThePage() throws IOException {
        try (Stream<Path> files = Files.walk(Fixtures.repositoryPath("core/src/test/java"))) {
            Set<Integer> named = new TreeSet<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                named.addAll(numbers(NAMED.matcher(Files.readString(file)).results()));
            }
            assertThat(named).hasSizeGreaterThan(15);
            assertThat(items()).containsAll(named);
        }
    }
}
