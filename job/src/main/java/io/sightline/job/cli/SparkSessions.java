package io.sightline.job.cli;

import io.sightline.job.execute.JobPlugin;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Spark as the command line starts it: what spark-submit or {@code -Dspark.…} set comes first, quiet local defaults after. */
final class SparkSessions {
    private SparkSessions() {}

    /** @param master null: what spark-submit says, else {@code local[*]} */
    static SparkSession open(String name, @Nullable String master) {
        SparkConf conf = new SparkConf();
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
