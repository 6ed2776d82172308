package io.sightline.job.table.files;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * A process that claims directories, and how it tells whether another one is alive.
 *
 * @param startedAt when the process started; a process id alone is used again
 * @param startOf when the process of an id on this host started; {@link Instant#EPOCH} if there is no such process
 */
record Claimant(String host, long pid, Instant startedAt, LongFunction<Instant> startOf) {
    /** Other hosts' processes cannot be seen; one that has not refreshed its claim for so long is dead. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration CLOCK_ERROR = Duration.ofSeconds(3);

    /** Claims that this JVM holds, by id. */
    static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    static Claimant thisProcess() {
        long pid = ProcessHandle.current().pid();
        return new Claimant(hostName(), pid, startOf(pid), Claimant::startOf);
    }

    private static Instant startOf(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> process.info().startInstant().orElse(Instant.EPOCH.plusMillis(1)))
                .orElse(Instant.EPOCH);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** @param lastSign when the holder last wrote to its claim */
    boolean isAlive(ClaimRecord holder, Instant lastSign) {
        if (!holder.host().equals(host)) {
            return lastSign.plus(PATIENCE).isAfter(Instant.now());
        }
        if (holder.pid() == pid && isSame(holder.processStartedAt(), startedAt)) {
            return HELD.contains(holder.id());
        }
        Instant start = startOf.apply(holder.pid());
        return !start.equals(Instant.EPOCH) && isSame(holder.processStartedAt(), start);
    }

    /** The system computes a start from its clock, which may have been set since. */
    private static boolean isSame(String written, Instant start) {
        return Duration.between(Instant.parse(written), start).abs().compareTo(CLOCK_ERROR) < 0;
    }
}
