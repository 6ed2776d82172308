package io.sightline.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
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
        Path file = folder.resolve(name).normalize();
        if (name.isEmpty() || !file.startsWith(folder) || file.equals(folder)) {
            throw new CheckpointException(index, "it names the shard '" + name + "', which is outside its directory");
        }
        return SafetensorsFile.open(file);
    }
}
