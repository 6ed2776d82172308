package io.sightline.checkpoint;

import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A directory with a config.json and, once asked for, its weights. */
public final class CheckpointDirectory {
    private static final List<String> OTHER_WEIGHTS = List.of(".bin", ".pt", ".pth", ".h5", ".msgpack", ".gguf");

    private final Path path;
    private final ModelConfig config;

    private CheckpointDirectory(Path path, ModelConfig config) {
        this.path = path;
        this.config = config;
    }

    /**
     * Reads config.json.
     *
     * @throws CheckpointException if the directory or its config.json is missing or unreadable
     */
    public static CheckpointDirectory open(Path path) {
        checkDirectory(path);
        Path config = path.resolve("config.json");
        if (!Files.isRegularFile(config)) {
            throw new CheckpointException(
                    path,
                    "it has no config.json, so it is not a Hugging Face checkpoint; give the directory that holds it");
        }
        return new CheckpointDirectory(path, ModelConfig.read(config));
    }

    /**
     * Checks that {@code path} is a directory.
     *
     * @throws CheckpointException if it is not there, or is a file
     */
    public static void checkDirectory(Path path) {
        if (!Files.exists(path)) {
            throw new CheckpointException(path, "there is no such directory");
        }
        if (!Files.isDirectory(path)) {
            throw new CheckpointException(path, "it is a file; give the checkpoint's directory");
        }
    }

    public Path path() {
        return path;
    }

    public ModelConfig config() {
        return config;
    }

    /**
     * The weights: each tensor's name with the file that holds it. Headers are read and checked, data are not read.
     *
     * @throws CheckpointException if there are none in safetensors, or a file, a header or the shard index is wrong
     */
    public Map<String, SafetensorsFile> tensors() {
        Path single = path.resolve("model.safetensors");
        if (Files.exists(single)) {
            return ShardIndex.ofSingle(SafetensorsFile.open(single));
        }
        Path index = path.resolve("model.safetensors.index.json");
        if (Files.exists(index)) {
            return ShardIndex.read(path, index);
        }
        throw new CheckpointException(
                path, "it has no model.safetensors and no model.safetensors.index.json" + otherWeights());
    }

    private String otherWeights() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> OTHER_WEIGHTS.stream().anyMatch(name::endsWith))
                    .sorted()
                    .findFirst()
                    .map(name -> "; '" + name + "' is in a format that is not read (it may run code or needs other"
                            + " tools). Convert it once in Python: AutoModelForCausalLM.from_pretrained(dir)"
                            + ".save_pretrained(new_dir, safe_serialization=True)")
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + path, e);
        }
    }
}
