package io.sightline.job.cli;

/** Spark's master is not there: the command line is fine, but nothing can be run. */
final class SparkMasterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SparkMasterException(String message) {
        super(message);
    }
}
