package io.sightline.job.run;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the chunks of one session took, by the counters of their commit records. */
final class SessionTimings {
    private static final List<String> STEPS = List.of("prepare", "forward", "copy", "writer_wait", "write");

    private final Instant startedAt;
    private final Map<String, Long> sums = new TreeMap<>();

    /** @param session the chunks that this session was to run */
    SessionTimings(Instant startedAt, CommittedChunks chunks, Collection<Integer> session) {
        this.startedAt = startedAt;
        Set<Integer> ours = new HashSet<>(session);
        for (CommitRecord record : chunks.records()) {
            if (ours.contains(record.chunk())) {
                record.counters().forEach((name, value) -> sums.merge(name, value, Long::sum));
            }
        }
    }

    long sum(String counter) {
        return sums.getOrDefault(counter, 0L);
    }

    Manifest.Timings untilNow() {
        Instant now = Instant.now();
        double seconds = Duration.between(startedAt, now).toMillis() / 1e3;
        Map<String, Double> steps = new TreeMap<>();
        STEPS.forEach(step -> steps.put(step, sum(step + "_nanos") / 1e9));
        return new Manifest.Timings(
                startedAt.toString(), now.toString(), seconds, sum("tokens") / Math.max(seconds, 1e-3), steps);
    }
}
