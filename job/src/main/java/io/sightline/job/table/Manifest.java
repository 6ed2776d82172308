package io.sightline.job.table;

import io.sightline.job.table.files.StoredJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json}: enough to reproduce a run, and to refuse a resume that would mix two.
 *
 * @param formatVersion version of this file and the tables; {@link #FORMAT_VERSION}
 * @param name the job's name
 * @param status where the run stands
 * @param job the job file as it was given, verbatim
 * @param overrides the {@code --set} settings laid over it
 * @param identity what makes two runs the same run
 * @param environment what the run ran on
 * @param versions library versions by name: sightline, spark, djl, libtorch, java, …
 * @param plan the chunk plan
 * @param counts what was written; null until the run ended
 * @param timings how long it took; null until the run ended
 * @param written which rows are this run's; null in runs of versions that did not say
 */
public record Manifest(
        int formatVersion,
        String name,
        Status status,
        String job,
        Map<String, String> overrides,
        Identity identity,
        Environment environment,
        Map<String, String> versions,
        ChunkPlan plan,
        @Nullable Counts counts,
        @Nullable Timings timings,
        @Nullable Written written) {
    /** What this version writes. */
    public static final int FORMAT_VERSION = 1;

    public enum Status {
        RUNNING,
        COMPLETE,
        FAILED
    }

    /**
     * Content hashes, by what they are of, and whatever else has to be equal for rows of two runs to stand in one table (captures,
     * keep columns, effective dtype, …): {@code graph}, {@code model}, {@code tokenizer}, {@code prompts}, {@code plan}, ….
     */
    public record Identity(Map<String, String> parts) {
        public Identity {
            parts = Map.copyOf(parts);
        }

        /** One line for each part in which {@code other} differs: {@code graph was 3f…, is 9a…}; empty if they are equal. */
        public List<String> differencesTo(Identity other) {
            TreeMap<String, String> all = new TreeMap<>(parts);
            all.putAll(other.parts);
            List<String> differences = new ArrayList<>();
            for (String part : all.keySet()) {
                String was = parts.get(part);
                String is = other.parts.get(part);
                if (!Objects.equals(was, is)) {
                    differences.add(
                            part + " was " + (was == null ? "absent" : was) + ", is " + (is == null ? "absent" : is));
                }
            }
            return differences;
        }
    }

    /**
     * What tells a run's rows from those of another run into its directory.
     *
     * @param run the run's id, which its commit records have too; a resumed run keeps it
     * @param dataFolder {@link RunDirectory#dataFolder()}
     */
    public record Written(String run, String dataFolder) {}

    /** Effective settings, after {@code auto} was resolved. */
    public record Environment(String dtype, String device, String attention) {}

    /** How the prompts were cut: {@code hash} is over every chunk's prompt ids, in order. */
    public record ChunkPlan(int chunks, long prompts, String hash) {}

    /** Rows and bytes of the finished tables; {@code tokens} are real tokens that went through the model. */
    public record Counts(
            long prompts,
            long errors,
            long tokens,
            long activations,
            long values,
            long bytes,
            String vectorChecksum,
            String valueChecksum) {
        /** The counts of {@code chunks}, with the tokens they counted under the name {@code tokens}. */
        public static Counts of(CommittedChunks chunks) {
            return new Counts(
                    chunks.rows(RunTable.PROMPTS),
                    chunks.rows(RunTable.ERRORS),
                    chunks.counter("tokens"),
                    chunks.rows(RunTable.ACTIVATIONS),
                    chunks.rows(RunTable.VALUES),
                    chunks.bytes(),
                    chunks.vectorChecksum(),
                    chunks.valueChecksum());
        }
    }

    /**
     * Times of the last session of the run (a resumed run has several).
     *
     * @param startedAt ISO-8601 instant
     * @param finishedAt ISO-8601 instant
     * @param seconds wall-clock seconds between them
     * @param tokensPerSecond tokens of this session's chunks by its seconds
     * @param details other timings in seconds: forward, write, wait_for_writer, …
     */
    public record Timings(
            String startedAt, String finishedAt, double seconds, double tokensPerSecond, Map<String, Double> details) {
        public Timings {
            details = Map.copyOf(details);
        }
    }

    public Manifest {
        overrides = Map.copyOf(overrides);
        versions = Map.copyOf(versions);
    }

    /** This manifest, of a run in {@code effective}. */
    public Manifest in(Environment effective) {
        return with(status, effective, counts, timings, written);
    }

    /** This manifest, the run having ended as {@code end}. */
    public Manifest ended(Status end, Counts total, Timings times) {
        return with(end, environment, total, times, written);
    }

    /** This manifest, of the run whose rows {@code other} names. */
    public Manifest writtenAs(@Nullable Written other) {
        return with(status, environment, counts, timings, other);
    }

    private Manifest with(
            Status state,
            Environment effective,
            @Nullable Counts total,
            @Nullable Timings times,
            @Nullable Written rows) {
        return new Manifest(
                formatVersion, name, state, job, overrides, identity, effective, versions, plan, total, times, rows);
    }

    /** The run's id; null in runs of versions that had none. */
    public @Nullable String runId() {
        return written == null ? null : written.run();
    }

    public String toJson() {
        return StoredJson.write(this);
    }

    /** @throws IllegalArgumentException if {@code json} is not a run's manifest, saying what it is where that is known */
    public static Manifest fromJson(String json) {
        return StoredJson.read(json, Manifest.class, "run's manifest");
    }
}
