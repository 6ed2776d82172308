package io.sightline.torchscript;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TensorBytes;
import io.sightline.engine.TorchFunction;
import io.sightline.torchscript.Pickled.Storage;
import io.sightline.torchscript.Pickled.TensorView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Loads tensors of one folder of the archive. Tensors on one storage share its memory, as tied weights do. Closing it ends the loading; the
 * tensors are their caller's.
 */
final class TensorLoader implements AutoCloseable {
    private static final int CHUNK = 8 << 20;

    private final ScriptArchive archive;
    private final String folder;
    private final Device device;
    private final Map<String, Tensor> storages = new HashMap<>();
    private final List<Tensor> loaded;

    /**
     * @param folder {@code data} or {@code constants}
     * @param device where to; on the meta device they have shapes only
     * @param loaded takes every tensor
     */
    TensorLoader(ScriptArchive archive, String folder, Device device, List<Tensor> loaded) {
        this.loaded = loaded;
        this.archive = archive;
        this.folder = folder;
        this.device = device;
    }

    Tensor load(TensorView view) {
        checkBounds(view);
        try (Scope scope = Scope.open()) {
            Tensor tensor = device.isMeta() ? shape(view) : strided(storage(view.storage()), view);
            loaded.add(tensor.release());
            return tensor;
        }
    }

    private static Tensor shape(TensorView view) {
        long[] size = view.size().stream().mapToLong(Long::longValue).toArray();
        return Tensor.empty(view.storage().dtype(), Device.META, size);
    }

    private static Tensor strided(Tensor storage, TensorView view) {
        return (Tensor) Objects.requireNonNull(TorchFunction.call(
                "as_strided", List.of(storage, view.size(), view.stride(), view.offset()), Map.of()));
    }

    private Tensor storage(Storage storage) {
        Tensor known = storages.get(storage.key());
        if (known == null) {
            known = read(storage).to(device).release();
            storages.put(storage.key(), known);
        }
        return known;
    }

    private void checkBounds(TensorView view) {
        long last = view.offset();
        boolean empty = false;
        boolean valid =
                view.offset() >= 0 && view.size().size() == view.stride().size();
        for (int i = 0; valid && i < view.size().size(); i++) {
            long size = view.size().get(i);
            long stride = view.stride().get(i);
            valid = size >= 0 && stride >= 0 && (stride == 0 || size <= Long.MAX_VALUE / 4 / stride);
            empty |= size == 0;
            last = valid ? last + Math.max(0, size - 1) * stride : last;
            valid &= last >= 0;
        }
        if (!valid || (!empty && last >= view.storage().elements())) {
            throw new IllegalArgumentException("a tensor of size " + view.size() + " and stride " + view.stride()
                    + " at " + view.offset() + " reaches outside its storage of "
                    + view.storage().elements() + " elements in " + folder + "/"
                    + view.storage().key());
        }
    }

    /** The whole storage, flat, in pieces: neither its size nor the zip's compression matters. */
    private Tensor read(Storage storage) {
        String name = folder + "/" + storage.key();
        int width = storage.dtype().bytes();
        try (InputStream in = archive.stream(name)) {
            checkLength(name, storage, width);
            Tensor flat = Tensor.empty(storage.dtype(), Device.CPU, storage.elements());
            for (long done = 0; done < storage.elements(); ) {
                int count = (int) Math.min(CHUNK / width, storage.elements() - done);
                byte[] bytes = in.readNBytes(count * width);
                if (bytes.length < count * width) {
                    throw archive.damaged(name, null);
                }
                copy(bytes, flat, storage, done, count);
                done += count;
            }
            return flat;
        } catch (IOException e) {
            throw archive.damaged(name, e);
        }
    }

    /** Before memory is taken: a few bytes can claim any number of elements. */
    private void checkLength(String name, Storage storage, int width) {
        long claimed = archive.size(name);
        if (storage.elements() < 0
                || storage.elements() > Long.MAX_VALUE / width
                || (claimed >= 0 && claimed < storage.elements() * width)) {
            throw new IllegalArgumentException("the archive's " + name + " has " + claimed + " bytes, too few for "
                    + storage.elements() + " elements of " + storage.dtype());
        }
    }

    private static void copy(byte[] bytes, Tensor flat, Storage storage, long start, int count) {
        try (Scope scope = Scope.open()) {
            ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            flat.narrow(0, start, count).copyFrom(TensorBytes.of(data, storage.dtype(), count));
        }
    }

    @Override
    public void close() {
        storages.values().forEach(Tensor::close);
        storages.clear();
    }
}
