package io.sightline.job.table.write;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Blocks that found no room in memory, in a hidden temporary file that goes with the process, however that ends. */
final class SpillFile implements AutoCloseable {
    private static final String REMEDY =
            "free some space there, point the spill directory elsewhere, or use smaller chunks";

    private final Path path;
    private final FileChannel channel;
    private long length;

    private SpillFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** @param directory where it lies; empty for {@code java.io.tmpdir} */
    static SpillFile create(String directory) {
        String place = directory.isEmpty() ? System.getProperty("java.io.tmpdir") : directory;
        try {
            Path path = Files.createTempFile(Path.of(place), ".sightline-spill-", "");
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(path); // an open file without a name: nothing is left behind by a killed executor
            return new SpillFile(path, channel);
        } catch (IOException e) {
            throw new TableWriteException("cannot create a spill file in " + place, e, REMEDY);
        }
    }

    /** Appends {@code block}; returns where it begins. */
    long append(byte[] block) {
        long start = length;
        ByteBuffer buffer = ByteBuffer.wrap(block);
        try {
            while (buffer.hasRemaining()) {
                length += channel.write(buffer, length);
            }
        } catch (IOException e) {
            throw new TableWriteException("cannot write the spill file in " + path.getParent(), e, REMEDY);
        }
        return start;
    }

    void read(long position, byte[] into, int offset, int count) {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, count);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position() - offset) < 0) {
                    throw new EOFException("it ends before byte " + (position + count));
                }
            }
        } catch (IOException e) {
            throw new TableWriteException(
                    "cannot read the spill file in " + path.getParent(), e, "run the chunk again");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TableWriteException("cannot close the spill file in " + path.getParent(), e, REMEDY);
        }
    }
}
