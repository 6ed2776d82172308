package io.sightline.job.table.files;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one process to change a directory: the file with the highest number in {@code _claims/}, which only one process can create. A
 * dead process's claim is taken over by creating the next number. A process that was taken for dead and goes on finds that out by {@link
 * #check}. Closing gives the directory back.
 */
public final class Claim implements AutoCloseable {
    public static final String FOLDER = "_claims";
    private static final Logger LOG = LoggerFactory.getLogger(Claim.class);
    private static final Pattern FILE = Pattern.compile("(\\d{5,9})\\.json");
    private static final Duration REFRESH = Duration.ofSeconds(30);
    private static final int TRIES = 5;
    private static final int LOOKS_AT_EMPTY_CLAIM = 10;
    private static final int MILLIS_BETWEEN_LOOKS = 50;

    private final StoredFiles files;
    private final Ticket ticket;
    private final ScheduledExecutorService heart;

    /**
     * What a process on another host needs to find out whether the claim still holds.
     *
     * @param folder of the claims
     */
    public record Ticket(Path folder, int number, String id) implements Serializable {
        /** @throws DirectoryClaimedException if another process has taken the directory over */
        public void check(StoredFiles files) throws IOException {
            Optional<Standing> highest = highest(files, folder);
            boolean ours = highest.isPresent()
                    && highest.get().number() == number
                    && highest.get().holder() != null
                    && highest.get().holder().id().equals(id);
            if (!ours) {
                throw new DirectoryClaimedException(folder.getParent() + " was taken over by "
                        + highest.map(Standing::holder)
                                .map(ClaimRecord::toString)
                                .orElse("another process")
                        + ", because this process showed no sign of life; it writes nothing more there");
            }
        }
    }

    /** @param holder null if its process was killed before it wrote who it is */
    private record Standing(int number, @Nullable ClaimRecord holder, Instant lastSign) {}

    private Claim(StoredFiles files, Ticket ticket) {
        this.files = files;
        this.ticket = ticket;
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sightline claim");
            thread.setDaemon(true);
            return thread;
        });
        heart.scheduleWithFixedDelay(this::beat, REFRESH.toSeconds(), REFRESH.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Claims {@code directory}, which is made if it is missing.
     *
     * @throws DirectoryClaimedException if a live process holds it
     */
    public static Claim take(Path directory, Configuration hadoop) throws IOException {
        return take(StoredFiles.of(directory, hadoop), directory, Claimant.thisProcess());
    }

    static Claim take(StoredFiles files, Path directory, Claimant me) throws IOException {
        Path folder = new Path(directory, FOLDER);
        for (int tries = 1; ; tries++) {
            Optional<Standing> standing = highest(files, folder);
            checkDead(directory, standing, me);
            int number = standing.map(Standing::number).orElse(0) + 1;
            ClaimRecord record = new ClaimRecord(
                    UUID.randomUUID().toString(),
                    me.host(),
                    me.pid(),
                    me.startedAt().toString(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            Claimant.HELD.add(record.id());
            boolean created = false;
            try {
                files.makeDirectory(folder);
                created = files.writeNew(file(folder, number), StoredJson.write(record));
            } catch (IOException e) {
                // whoever gave the directory back just now deleted the folder
                if (tries == TRIES || files.exists(folder)) {
                    throw e;
                }
            } finally {
                if (!created) {
                    Claimant.HELD.remove(record.id());
                }
            }
            if (created) {
                Claim claim = new Claim(files, new Ticket(folder, number, record.id()));
                claim.checkAlone(directory, me);
                return claim;
            }
        }
    }

    /** Between the look and the claim, others may have come, gone and begun to count from 1 again. */
    private void checkAlone(Path directory, Claimant me) throws IOException {
        boolean alone = false;
        try {
            check();
            for (FileStatus file : files.list(ticket.folder())) {
                int number = number(file);
                if (number > 0 && number < ticket.number()) {
                    Standing other = new Standing(
                            number,
                            holder(files, file(ticket.folder(), number)),
                            Instant.ofEpochMilli(file.getModificationTime()));
                    checkDead(directory, Optional.of(other), me);
                }
            }
            alone = true;
        } finally {
            if (!alone) {
                close();
            }
        }
    }

    /**
     * Looks without claiming.
     *
     * @throws DirectoryClaimedException if a live process holds {@code directory}
     */
    public static void checkFree(Path directory, Configuration hadoop) throws IOException {
        StoredFiles files = StoredFiles.of(directory, hadoop);
        checkDead(directory, highest(files, new Path(directory, FOLDER)), Claimant.thisProcess());
    }

    private static void checkDead(Path directory, Optional<Standing> standing, Claimant me) {
        ClaimRecord holder = standing.map(Standing::holder).orElse(null);
        if (holder != null && me.isAlive(holder, standing.get().lastSign())) {
            throw new DirectoryClaimedException(
                    directory + " is in use by " + holder + "; wait until it ends, or choose another directory");
        }
    }

    private static Path file(Path folder, int number) {
        return new Path(folder, String.format(Locale.ROOT, "%05d.json", number));
    }

    private static Path sign(Path folder, int number) {
        return new Path(folder, String.format(Locale.ROOT, "%05d.alive", number));
    }

    private static int number(FileStatus file) {
        Matcher name = FILE.matcher(file.getPath().getName());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    private static Optional<Standing> highest(StoredFiles files, Path folder) throws IOException {
        List<FileStatus> all = files.list(folder);
        Optional<FileStatus> claim =
                all.stream().filter(file -> number(file) > 0).max(Comparator.comparingInt(Claim::number));
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        int number = number(claim.get());
        long lastSign = all.stream()
                .filter(file ->
                        file.getPath().getName().equals(sign(folder, number).getName()))
                .mapToLong(FileStatus::getModificationTime)
                .reduce(claim.get().getModificationTime(), Math::max);
        return Optional.of(new Standing(number, holder(files, file(folder, number)), Instant.ofEpochMilli(lastSign)));
    }

    /** A claim is empty for the moment between its creation and its writing, and for good if its process was killed then. */
    private static @Nullable ClaimRecord holder(StoredFiles files, Path file) throws IOException {
        for (int looks = 0; looks < LOOKS_AT_EMPTY_CLAIM; looks++) {
            try {
                return files.readWhole(file, ClaimRecord::fromJson).orElse(null);
            } catch (IllegalArgumentException cutShort) {
                try {
                    Thread.sleep(MILLIS_BETWEEN_LOOKS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }
        return null;
    }

    public Ticket ticket() {
        return ticket;
    }

    /** @throws DirectoryClaimedException if another process has taken the directory over */
    public void check() throws IOException {
        ticket.check(files);
    }

    private void beat() {
        try {
            files.write(sign(ticket.folder(), ticket.number()), Instant.now().toString());
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot refresh the claim of {}: {}", ticket.folder().getParent(), e.getMessage());
        }
    }

    /** Gives the directory back; where that fails, the end of this process does. */
    @Override
    public void close() {
        heart.shutdownNow();
        try {
            boolean others = false;
            for (FileStatus file : files.list(ticket.folder())) {
                if (number(file) > ticket.number()) {
                    others = true;
                } else if (number(file) != ticket.number()) {
                    files.delete(file.getPath());
                }
            }
            if (!others) {
                check();
                files.delete(file(ticket.folder(), ticket.number()));
                files.fileSystem().delete(ticket.folder(), false);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot give {} back", ticket.folder().getParent(), e);
        } finally {
            Claimant.HELD.remove(ticket.id());
        }
    }
}
