package io.sightline.job.sql.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The query behind the view {@code commits}: the commit records as a literal, since Spark reads no directory whose name starts with an underscore. */
final class CommitsQuery {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE =
            "array<struct<chunk: int, attempt: string, counters: map<string, bigint>, worker: map<string, string>>>";

    private CommitsQuery() {}

    /** A row a committed chunk: chunk, attempt, counters such as tokens and finished_millis, and the worker (executor, host, device, …). */
    static String of(Path commits, Configuration hadoop) {
        try {
            List<Map<String, Object>> rows = new ArrayList<>();
            RunDirectory run = new RunDirectory(commits.getParent());
            for (CommitRecord record : CommittedChunks.unverified(run, hadoop).records()) {
                rows.add(Map.of(
                        "chunk", record.chunk(),
                        "attempt", record.attempt(),
                        "counters", record.counters(),
                        "worker", record.worker()));
            }
            return "SELECT inline(from_json(" + literal(JSON.writeValueAsString(rows)) + ", '" + TYPE + "'))";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the commit records in " + commits + ": " + e.getMessage(), e);
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
