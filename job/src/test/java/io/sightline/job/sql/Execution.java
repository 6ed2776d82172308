package io.sightline.job.sql;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The ways in which Spark runs an expression; a result may not depend on it. */
enum Execution {
    WHOLE_STAGE(Map.of("spark.sql.codegen.wholeStage", "true", "spark.sql.codegen.factoryMode", "CODEGEN_ONLY")),
    PROJECTIONS(Map.of("spark.sql.codegen.wholeStage", "false", "spark.sql.codegen.factoryMode", "CODEGEN_ONLY")),
    INTERPRETED(Map.of("spark.sql.codegen.wholeStage", "false", "spark.sql.codegen.factoryMode", "NO_CODEGEN")),
    ROW_READER(Map.of("spark.sql.parquet.enableVectorizedReader", "false"));

    private final Map<String, String> settings;

    Execution(Map<String, String> settings) {
        this.settings = settings;
    }

    void run(SparkSession session, Runnable body) {
        settings.forEach(session.conf()::set);
        try {
            body.run();
        } finally {
            settings.keySet().forEach(session.conf()::unset);
        }
    }
}
