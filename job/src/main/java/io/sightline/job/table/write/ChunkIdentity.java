package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import java.util.regex.Pattern;

/**
 * One attempt at one chunk.
 *
 * @param chunk the chunk's number, 0 or more
 * @param attempt unique among all attempts at any chunk of the run, past sessions included: letters, digits, {@code . _ -}
 */
public record ChunkIdentity(int chunk, String attempt) {
    private static final Pattern ATTEMPT = Pattern.compile("[A-Za-z0-9._-]+");

    public ChunkIdentity {
        if (chunk < 0) {
            throw new IllegalArgumentException("a chunk's number is 0 or more, not " + chunk);
        }
        if (!ATTEMPT.matcher(attempt).matches()) {
            throw new IllegalArgumentException(
                    "an attempt's name has letters, digits, '.', '_' and '-' only, since it names a directory; not '"
                            + attempt + "'");
        }
    }

    /** {@code chunk-00012-attempt}. */
    String directoryName() {
        return RunDirectory.chunkName(chunk) + "-" + attempt;
    }
}
