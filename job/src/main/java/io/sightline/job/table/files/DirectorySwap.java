package io.sightline.job.table.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Replaces the contents of a directory as a whole. The new contents grow in {@link #next()} while the old ones stay as they are. When they
 * are complete, {@link #decide} writes one small file, from which on they count; {@link #finish} then deletes the old contents and moves the
 * new ones to their places, and may be killed and called again at any point. The process that calls it holds the {@link Claim}.
 */
public final class DirectorySwap {
    public static final String MANIFEST = "manifest.json";
    public static final String NEXT = "_next";
    public static final String DECIDED = "_replacing.json";
    private static final String OLD_DELETED = "_old_deleted";

    private final StoredFiles files;
    private final Path root;
    private final List<String> owned;

    /** @param owned names of the files and directories of {@code root} that are replaced; others, a user's notes, stay */
    public DirectorySwap(StoredFiles files, Path root, List<String> owned) {
        this.files = files;
        this.root = root;
        this.owned = List.copyOf(owned);
    }

    /** Where the new contents grow, hidden from readers. */
    public Path next() {
        return new Path(root, NEXT);
    }

    private Path decided() {
        return new Path(root, DECIDED);
    }

    /** Whether the new contents count, and may not be in their places yet. */
    public boolean isDecided() throws IOException {
        return files.exists(decided());
    }

    /** Deletes what there is of new contents. */
    public void discard() throws IOException {
        files.delete(next());
    }

    /** From now on the new contents, which must be complete, count. */
    public void decide(String manifest) throws IOException {
        Path staged = new Path(next(), "_decided.json");
        files.write(staged, manifest);
        files.replace(staged, decided());
    }

    /** Puts the new contents in their places, after {@link #decide}; its manifest becomes {@code manifest.json} last of all. */
    public void finish() throws IOException {
        // Whoever looks for a manifest sees that the tables are neither the old ones nor the new ones now.
        files.delete(new Path(root, MANIFEST));
        Path oldDeleted = new Path(next(), OLD_DELETED);
        if (!files.list(next()).isEmpty()) {
            if (!files.exists(oldDeleted)) {
                for (String name : owned) {
                    files.delete(new Path(root, name));
                }
                files.write(oldDeleted, "");
            }
            for (String name : owned) {
                if (isDirectory(new Path(next(), name))) {
                    move(new Path(next(), name), new Path(root, name));
                }
            }
            deleteAllBut(oldDeleted);
        }
        discard();
        files.replace(decided(), new Path(root, MANIFEST));
    }

    private boolean isDirectory(Path path) throws IOException {
        return files.exists(path) && files.fileSystem().getFileStatus(path).isDirectory();
    }

    private void move(Path from, Path to) throws IOException {
        List<Path> moving = new ArrayList<>();
        for (FileStatus entry : files.list(from)) {
            if (entry.isDirectory()) {
                move(entry.getPath(), new Path(to, entry.getPath().getName()));
            } else {
                moving.add(entry.getPath());
            }
        }
        if (!moving.isEmpty()) {
            files.makeDirectory(to);
            Parallel.forEach(moving, file -> files.replace(file, new Path(to, file.getName())));
        }
    }

    /** The marker goes last: a new content that has moved must never be taken for an old one. */
    private void deleteAllBut(Path marker) throws IOException {
        for (FileStatus entry : files.list(next())) {
            if (!entry.getPath().getName().equals(marker.getName())) {
                files.delete(entry.getPath());
            }
        }
    }
}
