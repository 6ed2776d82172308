package io.sightline.engine;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel that the pages of a memory-mapped file are not needed for now (madvise(2), {@code MADV_DONTNEED}), so that they do not count as
 * this process's memory. Where that is not possible, they stay until memory is short.
 */
final class MappedPages {
    private static final Logger LOG = LoggerFactory.getLogger(MappedPages.class);
    private static final int MADV_DONTNEED = 4;
    private static final long PAGE = 4096;

    private MappedPages() {}

    /** The one function of libc that is needed. */
    interface LibC extends Library {
        int madvise(Pointer address, NativeLong length, int advice);
    }

    private static final class Holder {
        static final @Nullable LibC LIBC = load();

        private static @Nullable LibC load() {
            try {
                return Native.load("c", LibC.class);
            } catch (LinkageError e) {
                LOG.debug("libc cannot be called; mapped pages stay in memory", e);
                return null;
            }
        }
    }

    /** @param mapped a part of a file's private map that was never written to: what was written would be lost */
    static void release(Tensor mapped) {
        LibC libc = Holder.LIBC;
        long bytes = mapped.elements() * mapped.dtype().bytes();
        if (libc == null || bytes > Integer.MAX_VALUE) {
            return;
        }
        ByteBuffer memory = mapped.buffer();
        Pointer start = Native.getDirectBufferPointer(memory);
        long before = Math.floorMod(-Pointer.nativeValue(start), PAGE);
        long length = (bytes - before) / PAGE * PAGE;
        if (length > 0 && libc.madvise(start.share(before), new NativeLong(length), MADV_DONTNEED) != 0) {
            LOG.debug("madvise failed with error {}", Native.getLastError());
        }
    }
}
