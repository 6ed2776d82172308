package io.sightline.job.table.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private org.apache.hadoop.fs.Path place;
    private StoredFiles files;

    @BeforeEach
    void open() throws IOException {
        place = new org.apache.hadoop.fs.Path(directory.toUri());
        files = StoredFiles.of(place, new Configuration());
    }

    /** A process on {@code host} that sees a process 1 and no other. */
    private static Claimant process(String host, long pid) {
        return new Claimant(host, pid, START, id -> id == 1 ? START : Instant.EPOCH);
    }

    private Claim take(Claimant claimant) throws IOException {
        return Claim.take(files, place, claimant);
    }

    private Path file(int number) {
        return directory.resolve("_claims/0000" + number + ".json");
    }

    @Test
    void aLiveProcessKeepsOthersOutUntilItGivesTheDirectoryBack() throws IOException {
        try (Claim first = take(process("here", 1))) {
            first.check();
            assertThatThrownBy(() -> take(process("here", 2)))
                    .isInstanceOf(DirectoryClaimedException.class)
                    .hasMessageContaining("is in use by process 1 on host here, since ")
                    .hasMessageContaining("wait until it ends, or choose another directory");
        }
        assertThat(directory).isEmptyDirectory();
        take(process("here", 2)).close();
    }

    @Test
    void aDeadProcessIsSucceededAndFindsOutIfItWakesUp() throws IOException {
        Claim dead = take(process("here", 5));
        try (Claim next = take(process("here", 2))) {
            next.check();
            assertThatThrownBy(dead::check)
                    .isInstanceOf(DirectoryClaimedException.class)
                    .hasMessageContaining("was taken over by process 2 on host here");
            dead.close();
            next.check();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aProcessIdThatIsUsedAgainIsNotTheProcessThatClaimed() throws IOException {
        take(new Claimant("here", 1, START.minusSeconds(60), id -> START));
        take(process("here", 2)).close();
    }

    @Test
    void aProcessOnAnotherHostIsDeadWhenItHasNotShownItselfForFiveMinutes() throws IOException {
        take(process("there", 1));
        assertThatThrownBy(() -> take(process("here", 1))).hasMessageContaining("process 1 on host there");
        Files.setLastModifiedTime(
                file(1), FileTime.from(Instant.now().minus(Claimant.PATIENCE).minus(Duration.ofSeconds(5))));
        take(process("here", 1)).close();
    }

    @Test
    void aClaimThatItsProcessDidNotLiveToWriteIsSucceeded() throws IOException {
        Files.createDirectories(directory.resolve("_claims"));
        Files.createFile(file(1));
        take(process("here", 1)).close();
        assertThat(directory).isEmptyDirectory();
    }

    @RepeatedTest(20)
    void ofManyAtOnceOneGetsIt() throws Exception {
        take(process("here", 5)); // dead: all want to take over
        int many = 8;
        CyclicBarrier start = new CyclicBarrier(many);
        List<Callable<Boolean>> claimants = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            claimants.add(() -> {
                start.await();
                try {
                    take(process("here", 1));
                    return true;
                } catch (DirectoryClaimedException e) {
                    return false;
                }
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(many);
        int got = 0;
        for (Future<Boolean> outcome : threads.invokeAll(claimants)) {
            got += outcome.get() ? 1 : 0;
        }
        threads.shutdownNow();
        assertThat(got).isEqualTo(1);
    }
}
