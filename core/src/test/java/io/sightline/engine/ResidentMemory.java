package io.sightline.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process as Linux reports it, for leak tests. */
public final class ResidentMemory {
    private ResidentMemory() {}

    public static long bytes() {
        return kilobytes("VmRSS:") * 1024;
    }

    /** The highest it has been. */
    public static long peakBytes() {
        return kilobytes("VmHWM:") * 1024;
    }

    /** Lets {@link #peakBytes()} start from now; false where the kernel does not allow it. */
    public static boolean resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long kilobytes(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
