package io.sightline.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.config.ConfigException;
import io.sightline.job.table.write.KillingFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever a driver is killed, a documented mode goes on, and the run ends as if nothing had happened. Every single step is tried. */
class KilledDriverTest {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int BEFORE = 40;

    @TempDir
    private Path directory;

    private final Configuration hadoop = KillingFileSystem.register(new Configuration());

    /** What happens before the session that is killed at every step. */
    @FunctionalInterface
    private interface Before {
        void run(Sessions sessions) throws IOException;
    }

    private Path output(String folder) {
        return directory.resolve(folder);
    }

    private Sessions sessions(String folder) {
        return new Sessions("killing://" + output(folder), hadoop);
    }

    /** Returns whether the session was killed. */
    private static boolean isKilled(Sessions sessions, OutputMode mode, String job, int chunks, long step)
            throws IOException {
        try (var killed = KillingFileSystem.killedBefore(step)) {
            assertThat(killed).isNotNull();
            sessions.run(mode, job, chunks);
            return false;
        } catch (KillingFileSystem.Killed e) {
            return true;
        }
    }

    private void killAtEveryStep(Before before, OutputMode mode, String job, int chunks, int steps) throws IOException {
        int step = 1;
        for (boolean killed = true; killed; step++) {
            Sessions sessions = sessions("out" + step);
            before.run(sessions);
            killed = isKilled(sessions, mode, job, chunks, step);
            if (killed) {
                goOn(sessions, mode, job, chunks);
            }
            Sessions.checkUndisturbed(output("out" + step), job, chunks);
        }
        assertThat(step).isGreaterThan(steps);
    }

    /** With {@code --resume}; a session that was to overwrite and was killed before it had begun is still the old run's. */
    private static void goOn(Sessions sessions, OutputMode mode, String job, int chunks) throws IOException {
        try {
            sessions.run(OutputMode.RESUME, job, chunks);
        } catch (ConfigException e) {
            assertThat(mode).isEqualTo(OutputMode.OVERWRITE);
            assertThat(e).hasMessageContaining("was another one").hasMessageContaining("--overwrite the run");
            sessions.run(OutputMode.OVERWRITE, job, chunks);
        }
    }

    @Test
    void aFreshRun() throws IOException {
        killAtEveryStep(sessions -> {}, OutputMode.CREATE, "new", 2, 40);
    }

    @Test
    void aResumedRun() throws IOException {
        killAtEveryStep(
                sessions -> assertThat(isKilled(sessions, OutputMode.CREATE, "new", 2, BEFORE))
                        .isTrue(),
                OutputMode.RESUME,
                "new",
                2,
                20);
    }

    @Test
    void aRunThatReplacesAnother() throws IOException {
        killAtEveryStep(sessions -> sessions.run(OutputMode.CREATE, "old", 3), OutputMode.OVERWRITE, "new", 2, 60);
    }

    @Test
    void aRunThatReplacesOneThatIsNotFinished() throws IOException {
        killAtEveryStep(
                sessions -> assertThat(isKilled(sessions, OutputMode.CREATE, "old", 2, BEFORE))
                        .isTrue(),
                OutputMode.OVERWRITE,
                "new",
                2,
                60);
    }

    @Test
    void aResumedRunThatReplacesAnother() throws IOException {
        killAtEveryStep(
                sessions -> {
                    sessions.run(OutputMode.CREATE, "old", 3);
                    assertThat(isKilled(sessions, OutputMode.OVERWRITE, "new", 2, BEFORE))
                            .isTrue();
                },
                OutputMode.RESUME,
                "new",
                2,
                20);
    }

    @Test
    void aRunThatIsResumedTwice() throws IOException {
        killAtEveryStep(
                sessions -> {
                    assertThat(isKilled(sessions, OutputMode.CREATE, "new", 2, 20))
                            .isTrue();
                    assertThat(isKilled(sessions, OutputMode.RESUME, "new", 2, 25))
                            .isTrue();
                },
                OutputMode.RESUME,
                "new",
                2,
                20);
    }

    @Test
    void aRunThatNobodyKillsTakesAllItsSteps() throws IOException {
        assertThat(isKilled(sessions("out"), OutputMode.CREATE, "new", 2, NEVER))
                .isFalse();
        Sessions.checkUndisturbed(output("out"), "new", 2);
    }
}
