package io.sightline.job.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command starts Spark; the same two options everywhere. What spark-submit or {@code -Dspark.…} set is the default. */
final class SparkOptions {
    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: local[*], or what spark-submit says).")
    private @Nullable String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A Spark setting, such as spark.executor.memory=8g; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /**
     * The settings that were given, the master among them.
     *
     * @throws SparkMasterException if a standalone master can't be reached
     */
    SparkConf conf() {
        SparkConf conf = new SparkConf();
        settings.forEach(conf::set);
        if (master != null) {
            conf.setMaster(master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        SparkMaster.requireReachable(conf.get("spark.master"));
        return conf;
    }
}
