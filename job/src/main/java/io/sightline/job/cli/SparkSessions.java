package io.sightline.job.cli;

import io.sightline.job.execute.JobPlugin;
import io.sightline.job.execute.TaskPlace;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Spark as the command line starts it: what spark-submit or {@code -Dspark.…} set comes first, quiet local defaults after. */
final class SparkSessions {
    private SparkSessions() {}

    /** @param master null: what spark-submit says, else {@code local[*]} */
    static SparkSession open(String name, @Nullable String master) {
        return open(name, master, Map.of());
    }

    /** Where tasks will run under the master that {@link #open} will choose. */
    static TaskPlace taskPlace(@Nullable String master) {
        String chosen = master == null ? new SparkConf().get("spark.master", "local[*]") : master;
        return chosen.equals("local") || chosen.startsWith("local[") ? TaskPlace.HERE : TaskPlace.EXECUTORS;
    }

    /** @param settings more Spark settings, which win over all others */
    static SparkSession open(String name, @Nullable String master, Map<String, String> settings) {
        SparkConf conf = new SparkConf();
        settings.forEach(conf::set);
        if (master != null) {
            conf.setMaster(master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        conf.setAppName("sightline: " + name);
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.sql.catalogImplementation", "in-memory");
        String plugins = conf.get("spark.plugins", "");
        if (!plugins.contains(JobPlugin.class.getName())) {
            conf.set(
                    "spark.plugins",
                    plugins.isEmpty() ? JobPlugin.class.getName() : plugins + "," + JobPlugin.class.getName());
        }
        if (conf.get("spark.master").startsWith("local")) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.sql.shuffle.partitions", "8");
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
