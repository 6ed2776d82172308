package io.sightline.family;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.ModelConfig;
import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.family.parts.WeightNames;
import io.sightline.nn.Activation;
import io.sightline.nn.Dropout;
import io.sightline.nn.Identity;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import io.sightline.nn.Sequential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A net that a model.json describes: nested Sequentials of torch's own layers, {@code {"type": "Sequential", "layers": [{"name": "layer1",
 * "type": "Linear", "in_features": 5, "out_features": 10}, …]}}, with its state dict in model.safetensors.
 */
final class SequentialNet {
    static final String FILE = "model.json";

    private static final long LARGEST_SIZE = 100_000_000;

    private final Path file;

    private SequentialNet(Path file) {
        this.file = file;
    }

    static Blueprint read(Path directory) {
        SequentialNet net = new SequentialNet(directory.resolve(FILE));
        Module module = net.module(net.json());
        return new Blueprint(
                ModelConfig.of(Map.of()),
                module,
                WeightNames.withBasePrefix("").build(),
                () -> tensors(SafetensorsFile.open(directory.resolve("model.safetensors"))));
    }

    private static Map<String, SafetensorsFile> tensors(SafetensorsFile file) {
        Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();
        file.entries().keySet().forEach(name -> tensors.put(name, file));
        return tensors;
    }

    private JsonNode json() {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file, "it is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Module module(JsonNode json) {
        String type = json.path("type").asText();
        return switch (type) {
            case "Sequential" -> sequential(json);
            case "Linear" ->
                new Linear(
                        size(json, "in_features"),
                        size(json, "out_features"),
                        Linear.Bias.of(json.path("bias").asBoolean(true)));
            case "LayerNorm" -> layerNorm(json);
            case "Dropout" -> new Dropout(json.path("p").asDouble(0.5));
            case "Identity" -> new Identity();
            case "GELU", "ReLU", "SiLU", "Sigmoid", "Tanh" -> Activation.ofTorch(type);
            default ->
                throw new CheckpointException(
                        file,
                        "no layer of type '" + type
                                + "'; known: Sequential, Linear, LayerNorm, Dropout, Identity, GELU,"
                                + " ReLU, SiLU, Sigmoid, Tanh");
        };
    }

    private Sequential sequential(JsonNode json) {
        Map<String, Module> layers = new LinkedHashMap<>();
        for (JsonNode layer : json.path("layers")) {
            String name = layer.path("name").asText(Integer.toString(layers.size()));
            if (layers.put(name, module(layer)) != null) {
                throw new CheckpointException(file, "two layers are named '" + name + "'");
            }
        }
        return new Sequential(layers);
    }

    private LayerNorm layerNorm(JsonNode json) {
        JsonNode given = json.path("normalized_shape");
        long[] shape = given.isArray() ? new long[given.size()] : new long[] {size(json, "normalized_shape")};
        for (int i = 0; i < given.size(); i++) {
            shape[i] = given.get(i).asLong();
        }
        LayerNorm.Affine affine = !json.path("elementwise_affine").asBoolean(true)
                ? LayerNorm.Affine.NONE
                : json.path("bias").asBoolean(true) ? LayerNorm.Affine.WEIGHT_AND_BIAS : LayerNorm.Affine.WEIGHT;
        return new LayerNorm(shape, json.path("eps").asDouble(1e-5), affine);
    }

    private long size(JsonNode json, String key) {
        long size = json.path(key).asLong(0);
        if (size < 1 || size > LARGEST_SIZE) {
            throw new CheckpointException(
                    file, "a layer's '" + key + "' must be from 1 to " + LARGEST_SIZE + ": " + json);
        }
        return size;
    }
}
