package io.sightline.job.cluster;

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

/**
 * A Spark standalone cluster on loopback: a master and one worker of two cores, which {@code scripts/gpu-discovery} tells that it has two
 * GPUs. Jobs get two executors of one core and one GPU. Every part is a process of its own, and executors are the worker's children.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    /** A dozen processes come and go: the time would go into compiling them. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Pattern EXECUTOR = Pattern.compile("CoarseGrainedExecutorBackend .*--executor-id (\\d+)");

    private final Path directory;
    private final Launch master;
    private final Launch worker;
    private final String url;

    private StandaloneCluster(Path directory, Launch master, Launch worker, String url) {
        this.directory = directory;
        this.master = master;
        this.worker = worker;
        this.url = url;
    }

    /** @param directory for logs and the executors' working directories */
    static StandaloneCluster start(Path directory) throws IOException {
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
        String deploy = "org.apache.spark.deploy.";
        List<String> at = List.of("--host", HOST, "--port", "0", "--webui-port", "0");
        Launch master = launch(directory, "master", List.of("-Xmx256m"), command(deploy + "master.Master", at));
        try {
            String url = master.await(Pattern.compile("Starting Spark master at (spark://\\S+)"));
            List<String> options = List.of(
                    "--cores",
                    "2",
                    "--memory",
                    "3g",
                    "--work-dir",
                    directory.resolve("work") + "",
                    "--properties-file",
                    directory.resolve("worker.conf") + "",
                    url);
            List<String> all = new ArrayList<>(at);
            all.addAll(options);
            Launch worker = launch(directory, "worker", List.of("-Xmx256m"), command(deploy + "worker.Worker", all));
            StandaloneCluster cluster = new StandaloneCluster(directory, master, worker, url);
            worker.await(Pattern.compile("(Successfully registered with master)"));
            return cluster;
        } catch (RuntimeException | Error e) {
            master.close();
            throw e;
        }
    }

    private static List<String> command(String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(main));
        command.addAll(arguments);
        return command;
    }

    private static Launch launch(Path directory, String name, List<String> options, List<String> command) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(SHORT_LIVED.split(" ")));
        all.add("-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"));
        all.add("-Dai.djl.offline=true");
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
        return Launch.java(directory, name, environment, all, command);
    }

    /** A driver in a process of its own that runs {@code sightline} with these arguments on this cluster. */
    Launch sightline(String name, Map<String, String> settings, List<String> arguments) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("spark.master", url);
        all.put("spark.driver.host", HOST);
        all.put("spark.driver.bindAddress", HOST);
        all.put("spark.ui.enabled", "false");
        all.put("spark.hadoop.fs.strict.impl", StrictFileSystem.class.getName());
        // Both executors before the first task.
        all.put("spark.cores.max", "2");
        all.put("spark.scheduler.minRegisteredResourcesRatio", "1");
        all.put("spark.executor.cores", "1");
        all.put("spark.executor.memory", "1g");
        all.put("spark.executor.resource.gpu.amount", "1");
        all.put("spark.task.resource.gpu.amount", "1");
        all.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
        all.put(
                "spark.executor.extraJavaOptions",
                SHORT_LIVED + " -Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"));
        List<String> options = new ArrayList<>(List.of("-Xmx1g"));
        all.forEach((key, value) -> options.add("-D" + key + "=" + value));
        return launch(directory, name, options, command("io.sightline.job.cli.Main", arguments));
    }

    /** What all executors that there ever were have logged. */
    String executorLogs() throws IOException {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory.resolve("work"))) {
            for (Path file : files.filter(each -> each.endsWith("stderr") || each.endsWith("stdout"))
                    .toList()) {
                logs.append(Files.readString(file));
            }
        }
        return logs.toString();
    }

    /** The living executors by their numbers. */
    Map<String, ProcessHandle> executors() {
        Map<String, ProcessHandle> executors = new TreeMap<>();
        for (ProcessHandle child : worker.children()) {
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
        worker.close();
        master.close();
    }
}
