package io.sightline.job.table.write;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * A sum of row hashes: equal for equal sets of rows in any order and any files, unlike a checksum of files, which also moves with the codec
 * and the library's version. A row's hash is XXH64 of its bytes, seeded with all that says which row it is.
 */
final class ContentChecksum {
    private static final XXHash64 HASH = XXHashFactory.fastestJavaInstance().hash64();
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    /** What {@link #hexDigits} gives before a row was added. */
    static final String OF_NOTHING = new ContentChecksum().hexDigits();

    private long sum;

    /** A seed of the strings that say which row it is. */
    static long seed(String... parts) {
        long seed = 0;
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            seed = HASH.hash(bytes, 0, bytes.length, seed);
        }
        return seed;
    }

    /** {@code seed}, made that of another row by {@code number}. */
    static long seed(long seed, int number) {
        return (Long.rotateLeft(seed, 31) ^ (number + 1L)) * PRIME;
    }

    void add(long seed, byte[] buffer, int offset, int length) {
        sum += HASH.hash(buffer, offset, length, seed);
    }

    String hexDigits() {
        return HexFormat.of().toHexDigits(sum);
    }
}
