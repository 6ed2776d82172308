package io.sightline.checkpoint.safetensors;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TensorBytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Copies a tensor whose place in the file is not a multiple of its element size, which a memory map cannot give; few writers make such files. */
final class UnalignedReader {
    private static final int BYTES_AT_ONCE = 1 << 24;

    private UnalignedReader() {}

    static Tensor read(Path file, TensorEntry entry) {
        try (Scope scope = Scope.open();
                FileChannel channel = FileChannel.open(file)) {
            Tensor tensor = Tensor.empty(entry.dtype(), Device.CPU, entry.sizes());
            Tensor flat = tensor.reshape(-1);
            int width = entry.dtype().bytes();
            for (long at = 0; at < entry.bytes(); at += BYTES_AT_ONCE) {
                int count = (int) Math.min(BYTES_AT_ONCE, entry.bytes() - at);
                ByteBuffer bytes = bytes(channel, entry.offset() + at, count);
                try (Scope part = Scope.open()) {
                    flat.narrow(0, at / width, count / width)
                            .copyFrom(TensorBytes.of(bytes, entry.dtype(), count / width));
                }
            }
            return scope.keep(tensor);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.flip();
    }
}
