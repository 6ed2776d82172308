package io.sightline.checkpoint.safetensors;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TensorBytes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file: its header, checked, and its tensors through a memory map of torch's, whatever their size. It holds no resource
 * itself: each mapping lives as long as the tensors on it.
 */
public final class SafetensorsFile {
    private static final Kernel PART = Kernel.define(
            "safetensors part",
            "file: Tensor, start: int, length: int, shape: List[int]",
            "Tensor",
            "return torch.view(torch.narrow(file, 0, start, length), shape)");

    private final Path path;
    private final long bytes;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;

    SafetensorsFile(Path path, long bytes, Map<String, TensorEntry> entries, Map<String, String> metadata) {
        this.path = path;
        this.bytes = bytes;
        this.entries = Collections.unmodifiableMap(entries);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /**
     * Reads and checks the header; no data yet.
     *
     * @throws CheckpointException if the file is not there or its header does not describe its data exactly
     */
    public static SafetensorsFile open(Path path) {
        return HeaderReader.read(path);
    }

    public Path path() {
        return path;
    }

    /** The tensors by name, in the header's order. */
    public Map<String, TensorEntry> entries() {
        return entries;
    }

    /** What the writer noted, {@code format: pt} usually. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * The entry of one tensor.
     *
     * @throws CheckpointException if there is none of that name
     */
    public TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new CheckpointException(path, "it has no tensor '" + name + "'");
        }
        return entry;
    }

    /** One tensor on the CPU in the file's dtype, read from the map as it is used. The current scope owns it. */
    public Tensor tensor(String name) {
        try (Scope scope = Scope.open()) {
            return scope.keep(tensor(entry(name), new EnumMap<>(DType.class)));
        }
    }

    /** Several tensors on one map for each dtype, as {@link #tensor} gives them, in the order of {@code names}. */
    public Map<String, Tensor> tensors(Collection<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            Map<DType, Tensor> maps = new EnumMap<>(DType.class);
            for (String name : names) {
                tensors.put(name, scope.keep(tensor(entry(name), maps)));
            }
        }
        return tensors;
    }

    private Tensor tensor(TensorEntry entry, Map<DType, Tensor> maps) {
        DType dtype = entry.dtype();
        if (entry.bytes() == 0) {
            return Tensor.zeros(dtype, Device.CPU, entry.sizes());
        }
        if (!entry.isMappable()) {
            return UnalignedReader.read(path, entry);
        }
        Tensor map = maps.computeIfAbsent(dtype, d -> TensorBytes.of(path, d, bytes / d.bytes()));
        return PART.tensor(map, entry.offset() / dtype.bytes(), entry.bytes() / dtype.bytes(), entry.sizes());
    }

    @Override
    public String toString() {
        return "SafetensorsFile(" + path + ", " + entries.size() + " tensors)";
    }
}
