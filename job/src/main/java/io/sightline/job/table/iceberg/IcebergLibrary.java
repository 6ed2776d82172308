package io.sightline.job.table.iceberg;

/** Whether Iceberg is on the class path. It uses no class of Iceberg's itself. */
public final class IcebergLibrary {
    /** What {@code spark-submit --packages} takes. */
    public static final String ARTIFACT = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.1";

    private static final String WITNESS = "org.apache.iceberg.spark.SparkSchemaUtil";

    private IcebergLibrary() {}

    /**
     * Tells what to add where it is missing.
     *
     * @param purpose what needs it, {@code output.format: 'iceberg'}
     * @throws IllegalArgumentException naming the artifact, if Iceberg is not there
     */
    public static void require(String purpose) {
        require(purpose, WITNESS);
    }

    static void require(String purpose, String witness) {
        try {
            Class.forName(witness, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    purpose + " needs Iceberg, which is not on the class path; add " + ARTIFACT
                            + " (spark-submit --packages, or the jar with --jars)",
                    e);
        }
    }
}
