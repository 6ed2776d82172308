package io.sightline.interleave.function;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The whitelists that are resources beside this class: names apart by blanks, lines from {@code #} on are comments. */
final class Lists {
    private Lists() {}

    static List<String> read(String resource) {
        return lines(resource).stream()
                .flatMap(line -> Arrays.stream(line.split("\\s+")))
                .toList();
    }

    static List<String> lines(String resource) {
        try (InputStream in = Lists.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the list " + resource + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
