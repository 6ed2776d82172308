package io.sightline.job.cluster;

import static java.util.Objects.requireNonNull;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.table.write.StrictFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Spark standalone cluster on loopback: a master and one worker of two cores, which {@code scripts/gpu-discovery} tells that it has two
 * GPUs. Jobs get two executors of one core and one GPU. Every part is a process of its own, and executors are the worker's children.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Pattern EXECUTOR = Pattern.compile("CoarseGrainedExecutorBackend .*--executor-id (\\d+)");

    private final Path directory;
    private @Nullable Launch master;
    private @Nullable Launch worker;
    private @Nullable String url;

    /** @param directory for logs and the executors' working directories */
    StandaloneCluster(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("spark-home/jars")); // executors get the tests' class path instead
        Files.writeString(directory.resolve("log4j2.properties"), """
                rootLogger.level = info
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n
                """);
        Files.writeString(
                directory.resolve("worker.conf"),
                "spark.worker.resource.gpu.amount 2\nspark.worker.resource.gpu.discoveryScript "
                        + Fixtures.repositoryPath("scripts/gpu-discovery") + "\n");
    }

    /** Starts master and worker, and waits for them. */
    void start() {
        List<String> at = List.of("--host", HOST, "--port", "0", "--webui-port", "0");
        master = launch("master", "-Xmx256m", Map.of(), command("org.apache.spark.deploy.master.Master", at));
        url = master.await(Pattern.compile("Starting Spark master at (spark://\\S+)"));
        List<String> arguments = new ArrayList<>(at);
        arguments.addAll(List.of(
                "--cores",
                "2",
                "--memory",
                "3g",
                "--work-dir",
                directory.resolve("work").toString()));
        arguments.addAll(
                List.of("--properties-file", directory.resolve("worker.conf").toString(), url));
        worker = launch("worker", "-Xmx256m", Map.of(), command("org.apache.spark.deploy.worker.Worker", arguments));
        worker.await(Pattern.compile("(Successfully registered with master)"));
    }

    private static List<String> command(String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(main));
        command.addAll(arguments);
        return command;
    }

    private Launch launch(String name, String heap, Map<String, String> settings, List<String> command) {
        List<String> options = new ArrayList<>(List.of(heap));
        options.addAll(List.of(javaOptions().split(" ")));
        settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
        Map<String, String> environment = Map.of(
                "SPARK_HOME",
                directory.resolve("spark-home").toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "SPARK_LOCAL_IP",
                HOST,
                "SIGHTLINE_CACHE",
                directory.resolve("cache").toString(),
                "SIGHTLINE_FAKE_GPUS",
                "2");
        return Launch.java(directory, name, environment, options, command);
    }

    /** A dozen processes come and go: their time would go into compiling them. */
    private String javaOptions() {
        return "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dlog4j2.configurationFile="
                + directory.resolve("log4j2.properties");
    }

    /** A driver in a process of its own that runs {@code sightline}, on this cluster unless the settings name another master. */
    Launch sightline(String name, Map<String, String> settings, List<String> arguments) {
        Map<String, String> all = new TreeMap<>();
        all.put("spark.driver.host", HOST);
        all.put("spark.driver.bindAddress", HOST);
        all.put("spark.ui.enabled", "false");
        all.put("spark.sql.warehouse.dir", directory.resolve("warehouse").toString());
        all.put("spark.hadoop.fs.strict.impl", StrictFileSystem.class.getName());
        if (url != null) {
            all.put("spark.master", url);
            // Both executors before the first task.
            all.put("spark.cores.max", "2");
            all.put("spark.scheduler.minRegisteredResourcesRatio", "1");
            all.put("spark.executor.cores", "1");
            all.put("spark.executor.memory", "1g");
            all.put("spark.executor.resource.gpu.amount", "1");
            all.put("spark.task.resource.gpu.amount", "1");
            all.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
            all.put("spark.executor.extraJavaOptions", javaOptions());
        }
        all.putAll(settings);
        return launch(name, "-Xmx1g", all, command("io.sightline.job.cli.Main", arguments));
    }

    /** What each of the executors that there ever were has logged. */
    List<String> executorLogs() throws IOException {
        List<String> logs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve("work"))) {
            for (Path file : files.filter(each -> each.endsWith("stdout")).toList()) {
                logs.add(Files.readString(file));
            }
        }
        return logs;
    }

    /** The living executors by their numbers. */
    Map<String, ProcessHandle> executors() {
        Map<String, ProcessHandle> executors = new TreeMap<>();
        for (ProcessHandle child : requireNonNull(worker, "started").children()) {
            Matcher matcher = EXECUTOR.matcher(commandLine(child));
            if (matcher.find()) {
                executors.put(matcher.group(1), child);
            }
        }
        return executors;
    }

    /** Java's own {@code info().arguments()} breaks off after a page, within the class path. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    @Override
    public void close() {
        for (Launch process : new Launch[] {worker, master}) {
            if (process != null) {
                process.close();
            }
        }
    }
}
