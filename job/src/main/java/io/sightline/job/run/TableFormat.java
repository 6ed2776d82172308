package io.sightline.job.run;

/** How a run's tables are kept: {@code output.format}. */
enum TableFormat {
    PARQUET("Parquet"),
    ICEBERG("Iceberg");

    private final String title;

    TableFormat(String title) {
        this.title = title;
    }

    /** @param name as the job file has it, checked before */
    static TableFormat of(String name) {
        return name.equals("iceberg") ? ICEBERG : PARQUET;
    }

    TableFormat other() {
        return this == PARQUET ? ICEBERG : PARQUET;
    }

    @Override
    public String toString() {
        return title;
    }
}
