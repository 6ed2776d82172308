package io.sightline.job.run;

import io.sightline.job.table.write.RunWriter;
import org.jspecify.annotations.Nullable;

/** The writer that this JVM's task slots share; a JVM works on one run at a time. */
final class RunWriters {
    private static @Nullable String runId;
    private static @Nullable RunWriter writer;

    private RunWriters() {}

    static synchronized RunWriter get(Assignment assignment) {
        RunWriter current = writer;
        if (current == null || !assignment.runId().equals(runId)) {
            current = RunWriter.of(
                    assignment.run(),
                    assignment.options(),
                    assignment.owner(),
                    assignment.extraction().hadoop().value());
            writer = current;
            runId = assignment.runId();
        }
        return current;
    }
}
