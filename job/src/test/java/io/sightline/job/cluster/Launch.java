package io.sightline.job.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;

/** A Java process on the tests' class path, with all that it says in one file. Closing it kills it. */
final class Launch implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;

    private Launch(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** @param directory for its log, {@code NAME.log} */
    static Launch java(
            Path directory, String name, Map<String, String> environment, List<String> options, List<String> command) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(command);
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new Launch(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** Waits until a line of the log has {@code pattern}; gives its first group. */
    String await(Pattern pattern) {
        String[] found = new String[1];
        await("its log has '" + pattern + "'", Duration.ofSeconds(60), () -> {
            Matcher matcher = pattern.matcher(log());
            return matcher.find() && (found[0] = matcher.group(1)) != null;
        });
        return found[0];
    }

    /** Waits for {@code condition} while the process lives. */
    void await(String what, Duration patience, BooleanSupplier condition) {
        waitFor(what, patience, condition, process::isAlive);
    }

    /** Waits for {@code condition}, the process being dead. */
    void awaitEnd(String what, Duration patience, BooleanSupplier condition) {
        waitFor(what, patience, condition, () -> true);
    }

    private void waitFor(String what, Duration patience, BooleanSupplier condition, BooleanSupplier hope) {
        Instant deadline = Instant.now().plus(patience);
        while (!condition.getAsBoolean()) {
            if (!hope.getAsBoolean() || Instant.now().isAfter(deadline)) {
                throw new AssertionError(name + (process.isAlive() ? " lives" : " has ended")
                        + ", and it is not so that " + what + ":\n" + log());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The exit code. */
    int join(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " still runs after " + patience + ":\n" + log());
        }
        return process.exitValue();
    }

    /** Its children, as {@code ps} shows them. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Everything it said so far. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
