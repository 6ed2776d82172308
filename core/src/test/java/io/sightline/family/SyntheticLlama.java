package io.sightline.family;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsWriter;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Llama checkpoints of any size, all weights alike: for what loading costs, not for what they compute. */
final class SyntheticLlama {
    private static final int HEAD = 128;

    private SyntheticLlama() {}

    /**
     * Writes one.
     *
     * @param width {@code hidden_size}, a multiple of 128
     * @param numbers about how many numbers its weights are
     */
    static void write(Path folder, DType dtype, int width, long numbers) throws IOException {
        int inner = 11 * width / 4;
        int vocabulary = 16 * width;
        long layer = 4L * width * width + 3L * width * inner + 2L * width;
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "llama");
        config.put("hidden_size", width);
        config.put("intermediate_size", inner);
        config.put(
                "num_hidden_layers", Math.max(1, Math.round((double) (numbers - (long) vocabulary * width) / layer)));
        config.put("num_attention_heads", width / HEAD);
        config.put("vocab_size", vocabulary);
        config.put("tie_word_embeddings", true);
        config.put("dtype", dtype.shortName());
        Files.createDirectories(folder);
        new ObjectMapper().writeValue(folder.resolve("config.json").toFile(), config);
        try (PretrainedModel model = PretrainedModel.shapesOnly(folder, LoadOptions.DEFAULT);
                Scope scope = Scope.open()) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            model.module().namedParameters().forEach((name, parameter) -> {
                if (!name.equals("lm_head.weight")) {
                    weights.put(name, Tensor.full(0.01, dtype, Device.CPU, parameter.shape()));
                }
            });
            SafetensorsWriter.write(folder.resolve("model.safetensors"), weights);
        }
    }
}
