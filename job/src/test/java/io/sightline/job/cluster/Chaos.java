package io.sightline.job.cluster;

import io.sightline.job.cluster.RunOnDisk.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Kills processes of a run while they are at work. */
final class Chaos {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final StandaloneCluster cluster;
    private final Launch driver;
    private final RunOnDisk run;
    private final List<Blow> blows = new ArrayList<>();

    Chaos(StandaloneCluster cluster, Launch driver, RunOnDisk run) {
        this.cluster = cluster;
        this.driver = driver;
        this.run = run;
    }

    /**
     * A process that was killed.
     *
     * @param committed chunks that were committed just before
     * @param inFlight attempts that it, or its executors, were at work on and never committed
     */
    record Blow(String what, int committed, Set<String> inFlight) {}

    List<Blow> blows() {
        return blows;
    }

    /** {@code kill -9} for an executor that has just begun a chunk, once {@code chunks} are committed. */
    void killAnExecutorAfter(int chunks) {
        Attempt victim = freshAttemptAfter(chunks);
        int committed = run.committed();
        ProcessHandle process = cluster.executors().get(victim.executor());
        process.destroyForcibly();
        driver.await("executor " + victim.executor() + " is gone", PATIENCE, () -> !process.isAlive());
        record("executor " + victim.executor(), committed, Set.of(victim));
    }

    /** {@code kill -9} for the driver when an executor has just begun a chunk, once {@code chunks} are committed. */
    void killTheDriverAfter(int chunks) throws InterruptedException {
        freshAttemptAfter(chunks);
        int committed = run.committed();
        Set<Attempt> attempts = atWork();
        driver.kill();
        driver.awaitEnd(
                "its executors are gone", PATIENCE, () -> cluster.executors().isEmpty());
        record("driver", committed, attempts);
    }

    /** One that has its work still before it, so that whatever is killed now dies before the commit. */
    private Attempt freshAttemptAfter(int chunks) {
        driver.await(chunks + " chunks are committed", PATIENCE, () -> run.committed() >= chunks);
        Set<Attempt> begunBefore = atWork();
        Set<Attempt> fresh = new HashSet<>();
        driver.await("an executor begins a chunk", PATIENCE, () -> {
            fresh.addAll(atWork());
            fresh.removeAll(begunBefore);
            return !fresh.isEmpty();
        });
        return fresh.iterator().next();
    }

    private void record(String what, int committed, Set<Attempt> attempts) {
        Set<String> inFlight = new TreeSet<>();
        attempts.forEach(attempt -> inFlight.add(attempt.name()));
        inFlight.removeAll(run.committedAttempts());
        blows.add(new Blow(what, committed, inFlight));
    }

    /** Attempts of executors that live. */
    private Set<Attempt> atWork() {
        Set<String> executors = cluster.executors().keySet();
        return run.attempts().stream()
                .filter(attempt -> executors.contains(attempt.executor()))
                .collect(Collectors.toSet());
    }
}
