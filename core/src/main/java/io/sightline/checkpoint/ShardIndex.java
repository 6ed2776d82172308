package io.sightline.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code model.safetensors.index.json}: its {@code weight_map} says which shard holds which tensor. */
final class ShardIndex {
    private final Path index;
    private final Path folder;
    private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    private final Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();

    private ShardIndex(Path folder, Path index) {
        this.index = index;
        this.folder = folder.toAbsolutePath().normalize();
    }

    static Map<String, SafetensorsFile> ofSingle(SafetensorsFile file) {
        Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();
        file.entries().keySet().forEach(name -> tensors.put(name, file));
        return tensors;
    }

    static Map<String, SafetensorsFile> read(Path folder, Path index) {
        if (!(JsonFiles.readObject(index).path("weight_map") instanceof ObjectNode map)) {
            throw new CheckpointException(index, "it has no object 'weight_map'");
        }
        ShardIndex reader = new ShardIndex(folder, index);
        map.fields().forEachRemaining(field -> reader.add(field.getKey(), field.getValue()));
        // A shard may hold more than the index tells; whether the model wants it is the loader's question.
        for (SafetensorsFile shard : reader.shards.values()) {
            shard.entries().keySet().forEach(name -> reader.tensors.putIfAbsent(name, shard));
        }
        return reader.tensors;
    }

    private void add(String tensor, JsonNode name) {
        SafetensorsFile shard = shards.computeIfAbsent(name.asText(), this::open);
        if (!shard.entries().containsKey(tensor)) {
            throw new CheckpointException(
                    index, "it puts tensor '" + tensor + "' into " + name + ", which does not hold it");
        }
        tensors.put(tensor, shard);
    }

    private SafetensorsFile open(String name) {
        Path file = resolve(name);
        if (name.isEmpty() || !file.startsWith(folder) || file.equals(folder) || leadsOut(file)) {
            throw new CheckpointException(
                    index,
                    "it names the shard '" + name
                            + "', which is outside its directory; put the shards beside the index");
        }
        return SafetensorsFile.open(file);
    }

    private Path resolve(String name) {
        try {
            return folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new CheckpointException(index, "it names a shard that no file can be called: " + e.getReason(), e);
        }
    }

    /**
     * Whether links lead from a shard to somewhere else. Those of Hugging Face's download cache do, {@code snapshots/REVISION/SHARD →
     * blobs/HASH}, and are followed.
     */
    private boolean leadsOut(Path file) {
        try {
            Path real = file.toRealPath();
            Path realFolder = folder.toRealPath();
            Path snapshots = realFolder.getParent();
            boolean isCached = snapshots != null
                    && snapshots.endsWith("snapshots")
                    && real.startsWith(snapshots.resolveSibling("blobs"));
            return !real.startsWith(realFolder) && !isCached;
        } catch (IOException e) {
            return false; // it is not there, which is another complaint
        }
    }
}
