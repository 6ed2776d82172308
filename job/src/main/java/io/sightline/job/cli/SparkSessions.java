package io.sightline.job.cli;

import io.sightline.job.run.JobPlugin;
import io.sightline.job.run.TaskPlace;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark as {@code run} and {@code probe} start it: what was set comes first, quiet local defaults after. */
final class SparkSessions {
    private SparkSessions() {}

    /** Where tasks will run. */
    static TaskPlace taskPlace(SparkConf conf) {
        String master = conf.get("spark.master");
        return master.equals("local") || master.startsWith("local[") ? TaskPlace.IN_DRIVER : TaskPlace.EXECUTORS;
    }

    /** @param conf has a master */
    static SparkSession open(String name, SparkConf conf) {
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
