package io.sightline.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.config.ConfigException;
import io.sightline.job.table.files.DirectoryClaimedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an output directory holds, what each mode makes of it, and that two drivers never share one. */
class RunFolderTest {
    private static final int CHUNKS = 2;

    @TempDir
    private Path directory;

    private Path output;

    private Sessions sessions() {
        output = directory.resolve("out");
        return new Sessions(output.toString(), new Configuration());
    }

    /** Makes the state on disk. */
    private Sessions in(RunState state) throws IOException {
        Sessions sessions = sessions();
        switch (state) {
            case FREE -> Files.createDirectories(output.resolve("_claims"));
            case FOREIGN -> Files.writeString(Files.createDirectories(output).resolve("thesis.txt"), "…");
            case STARTED -> started(sessions, OutputMode.CREATE, "old");
            case COMPLETE -> sessions.run(OutputMode.CREATE, "old", CHUNKS);
            case SUCCESSOR_STARTED -> {
                sessions.run(OutputMode.CREATE, "old", CHUNKS);
                started(sessions, OutputMode.OVERWRITE, "new");
            }
            case DECIDED -> {
                sessions.run(OutputMode.CREATE, "old", CHUNKS);
                sessions.run(OutputMode.OVERWRITE, "new", CHUNKS);
                Files.move(output.resolve("manifest.json"), output.resolve("_replacing.json"));
            }
        }
        assertThat(sessions.folder().state()).isEqualTo(state);
        return sessions;
    }

    /** A session that commits one chunk and stops. */
    private static void started(Sessions sessions, OutputMode mode, String job) throws IOException {
        try (ClaimedRun run = sessions.folder().open(mode, Sessions.begun(job, CHUNKS))) {
            sessions.commit(run, job, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FREE, CREATE, new",
        "FREE, RESUME, new",
        "FREE, OVERWRITE, new",
        "STARTED, CREATE, exists already; --resume",
        "STARTED, RESUME, job was old",
        "STARTED, OVERWRITE, new",
        "COMPLETE, CREATE, exists already; --resume",
        "COMPLETE, RESUME, job was old",
        "COMPLETE, OVERWRITE, new",
        "SUCCESSOR_STARTED, CREATE, exists already; --resume",
        "SUCCESSOR_STARTED, RESUME, new",
        "SUCCESSOR_STARTED, OVERWRITE, new",
        "DECIDED, CREATE, exists already; --resume",
        "DECIDED, RESUME, new",
        "DECIDED, OVERWRITE, new",
        "FOREIGN, CREATE, choose another directory",
        "FOREIGN, RESUME, is not a run directory",
        "FOREIGN, OVERWRITE, is not a run directory"
    })
    void anotherJobIsRefusedOrEndsAsTheOnlyOne(RunState state, OutputMode mode, String outcome) throws IOException {
        Sessions sessions = in(state);
        if (outcome.equals("new")) {
            sessions.run(mode, "new", CHUNKS);
            Sessions.checkUndisturbed(output, "new", CHUNKS);
        } else {
            assertThatThrownBy(() -> sessions.run(mode, "new", CHUNKS))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(outcome);
            assertThat(output.resolve("_claims/00001.json")).doesNotExist();
            assertThat(sessions.folder().state()).isEqualTo(state);
        }
    }

    @ParameterizedTest
    @CsvSource({"STARTED", "COMPLETE"})
    void theSameJobIsResumed(RunState state) throws IOException {
        Sessions sessions = in(state);
        sessions.run(OutputMode.RESUME, "old", CHUNKS);
        Sessions.checkUndisturbed(output, "old", CHUNKS);
    }

    @Test
    void aRunWithoutRowsThatFailsLeavesNothing() throws IOException {
        Sessions sessions = sessions();
        try (ClaimedRun run = sessions.folder().open(OutputMode.CREATE, Sessions.begun("new", CHUNKS))) {
            run.fail(run.manifest(), run.committed());
        }
        assertThat(output).doesNotExist();
    }

    @Test
    void aUsersOwnFilesStayWhenTheRunAroundThemIsReplaced() throws IOException {
        Sessions sessions = in(RunState.COMPLETE);
        Files.writeString(output.resolve("report.html"), "mine");
        sessions.run(OutputMode.OVERWRITE, "new", CHUNKS);
        assertThat(output.resolve("report.html")).hasContent("mine");
    }

    @Test
    void aDriverThatFoundTheOutputFreeAndWasOvertakenCountsNoRecordOfTheOther() throws IOException {
        Sessions sessions = sessions();
        RunFolder frozen = sessions.folder();
        frozen.check(OutputMode.CREATE);
        sessions.run(OutputMode.CREATE, "old", CHUNKS);
        assertThatThrownBy(() -> frozen.open(OutputMode.CREATE, Sessions.begun("new", CHUNKS)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("exists already");
        Sessions.checkUndisturbed(output, "old", CHUNKS);
    }

    @Test
    void aDriverWhoseClaimWasTakenOverWritesNothingMore() throws IOException {
        Sessions sessions = sessions();
        try (ClaimedRun run = sessions.folder().open(OutputMode.CREATE, Sessions.begun("old", CHUNKS))) {
            sessions.commit(run, "old", 0);
            Files.writeString(
                    output.resolve("_claims/00002.json"),
                    "{\"id\": \"x\", \"host\": \"node-7\", \"pid\": 12, \"process_started_at\": \"2026-01-01T00:00:00Z\","
                            + " \"claimed_at\": \"2026-01-02T00:00:00Z\"}");
            assertThatThrownBy(() -> sessions.commit(run, "old", 1))
                    .isInstanceOf(DirectoryClaimedException.class)
                    .hasMessageContaining("was taken over by process 12 on host node-7");
            assertThatThrownBy(() -> run.complete(run.manifest())).isInstanceOf(DirectoryClaimedException.class);
            assertThatThrownBy(() -> run.fail(run.manifest(), run.committed()))
                    .isInstanceOf(DirectoryClaimedException.class);
            assertThat(run.committed().numbers()).containsExactly(0);
        }
        assertThat(output.resolve("manifest.json")).doesNotExist();
        assertThat(output.resolve("_claims/00002.json")).exists();
        assertThatThrownBy(() -> sessions.run(OutputMode.RESUME, "old", CHUNKS))
                .isInstanceOf(DirectoryClaimedException.class)
                .hasMessageContaining("is in use by process 12 on host node-7, since 2026-01-02");
    }

    /** Two at once: whoever comes second is told who holds the directory, or, if the first has finished, that a run is there. */
    @RepeatedTest(20)
    void ofTwoDriversStartedAtOnceOneWorksAndTheOtherIsTold() throws Exception {
        for (OutputMode mode : OutputMode.values()) {
            for (List<String> jobs : List.of(List.of("same", "same"), List.of("one", "other"))) {
                Sessions sessions =
                        new Sessions(directory.resolve(mode + jobs.get(1)).toString(), new Configuration());
                if (mode == OutputMode.OVERWRITE) {
                    sessions.run(OutputMode.CREATE, "before", CHUNKS + 1);
                }
                String winner = race(sessions, mode, jobs);
                Sessions.checkUndisturbed(directory.resolve(mode + jobs.get(1)), winner, CHUNKS);
            }
        }
    }

    /** Returns the last job that succeeded. */
    private static String race(Sessions sessions, OutputMode mode, List<String> jobs) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<Callable<String>> drivers = new ArrayList<>();
        for (String job : jobs) {
            drivers.add(() -> {
                start.await();
                return attempt(sessions, mode, job);
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<String> outcomes = new ArrayList<>();
        try {
            for (Future<String> outcome : threads.invokeAll(drivers)) {
                outcomes.add(outcome.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(outcomes).as("what the two were told").contains("");
        for (String told : outcomes) {
            assertThat(told).matches("|.*is in use by process \\d+ on host .*|.*exists already.*|.*was another one.*");
        }
        return io.sightline.job.table.Manifest.fromJson(
                        Files.readString(Path.of(sessions.location()).resolve("manifest.json")))
                .name();
    }

    /** Empty if it succeeded. */
    private static String attempt(Sessions sessions, OutputMode mode, String job) throws IOException {
        try {
            sessions.run(mode, job, CHUNKS);
            return "";
        } catch (ConfigException | DirectoryClaimedException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
