package io.sightline.job.report;

import java.util.List;
import org.apache.spark.sql.SparkSession;

/** One thing the report asks of a run's views. */
@FunctionalInterface
interface Question {
    /** The figures that answer it; none where the run has nothing to show. */
    List<Figure> ask(SparkSession spark);
}
