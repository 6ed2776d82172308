package io.sightline.job.model;

import io.sightline.job.config.ModelSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Remembers hashes of checkpoints as long as no file's length or time changes: a notebook asks for the same one again and again. */
public final class CheckpointMemory {
    private static final Map<String, ModelSpec> KNOWN = new ConcurrentHashMap<>();

    private CheckpointMemory() {}

    public static ModelSpec spec(ModelSource source, Path directory) {
        return KNOWN.computeIfAbsent(source + " " + listing(directory), key -> ModelSpec.read(source, directory));
    }

    private static String listing(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().map(CheckpointMemory::line).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static String line(Path file) {
        try {
            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
