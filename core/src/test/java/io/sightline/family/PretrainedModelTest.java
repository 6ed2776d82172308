package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.checkpoint.safetensors.CheckpointException;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.checkpoint.safetensors.SafetensorsWriter;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Args;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening checkpoints that are as they should be, and such that are not. */
class PretrainedModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private long before;

    @BeforeEach
    void count() {
        before = Torch.liveTensors();
    }

    @AfterEach
    void everythingIsFreed() {
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    // ---- what works

    @Test
    void aModelTellsItsSizeAndOwnsItsWeights() {
        try (PretrainedModel model = PretrainedModel.open(Fixtures.path("models/gpt2_fp16"), LoadOptions.DEFAULT)) {
            assertThat(model.dtype()).isEqualTo(DType.FLOAT32);
            assertThat(model.device()).isEqualTo(Device.CPU);
            assertThat(model.parameterBytes()).isEqualTo(4 * model.parameterCount());
            // wte + wpe + 2 blocks + ln_f; the tied head is counted once.
            long block = 2 * 72 + (36 * 108 + 108) + (36 * 36 + 36) + (36 * 144 + 144) + (144 * 36 + 36);
            assertThat(model.parameterCount()).isEqualTo(512 * 36 + 32 * 36 + 2 * block + 72);
            assertThat(model.module().namedParameters().get("lm_head.weight").tensor())
                    .isSameAs(model.module()
                            .namedParameters()
                            .get("transformer.wte.weight")
                            .tensor());
        }
    }

    @Test
    void shapesNeedNoWeights() throws IOException {
        Files.copy(Fixtures.path("models/gpt2/config.json"), folder.resolve("config.json"));
        try (PretrainedModel model = PretrainedModel.shapesOnly(folder, LoadOptions.DEFAULT);
                Scope scope = Scope.open()) {
            assertThat(model.device()).isEqualTo(Device.META);
            Map<?, ?> output = (Map<?, ?>) model.module()
                    .call(new Args(List.of(), Map.of("input_ids", Tensor.empty(DType.INT64, Device.META, 2, 5))));
            assertThat(((Tensor) output.get("logits")).shape()).containsExactly(2, 5, 512);
        }
        assertThatThrownBy(() -> PretrainedModel.open(folder, LoadOptions.DEFAULT))
                .hasMessageContaining("no model.safetensors");
    }

    @Test
    void aNetOfSequentialsOpensFromItsModelJson() {
        for (String name : List.of("two_linear", "mlp_sigmoid", "unnamed")) {
            try (PretrainedModel model = PretrainedModel.open(Fixtures.path("tiny/" + name), LoadOptions.DEFAULT);
                    Scope scope = Scope.open()) {
                long in = model.module()
                        .namedParameters()
                        .values()
                        .iterator()
                        .next()
                        .shape()[1];
                assertThat(model.module()
                                .call(Tensor.zeros(DType.FLOAT32, Device.CPU, 3, in))
                                .shape()[0])
                        .isEqualTo(3);
                assertThat(model.module().className()).isEqualTo("Sequential");
            }
        }
    }

    @Test
    void aTiedHeadMayBeInTheFileUnderEitherNameOrBoth() throws IOException {
        float[] expected = logits(Fixtures.path("models/gpt2"));
        withWeights(weights -> weights.put("lm_head.weight", weights.get("transformer.wte.weight")));
        assertThat(logits(folder)).isEqualTo(expected);
        withWeights(weights -> weights.put("lm_head.weight", weights.remove("transformer.wte.weight")));
        assertThat(logits(folder)).isEqualTo(expected);
        withWeights(weights -> weights.put(
                "lm_head.weight", weights.get("transformer.wte.weight").mul(2)));
        assertThat(logits(folder))
                .as("as transformers, the embedding is used for both")
                .isEqualTo(expected);
    }

    @Test
    void anUntiedHeadIsItsOwn() throws IOException {
        withWeights(weights -> weights.put(
                "lm_head.weight", weights.get("transformer.wte.weight").mul(2)));
        config(c -> c.put("tie_word_embeddings", false));
        float[] tied = logits(Fixtures.path("models/gpt2"));
        float[] untied = logits(folder);
        for (int i = 0; i < tied.length; i++) {
            assertThat(untied[i]).isEqualTo(2 * tied[i]);
        }
    }

    @Test
    void weightsMayBeNotANumber() throws IOException {
        withWeights(weights ->
                weights.put("transformer.ln_f.bias", Tensor.full(Double.NaN, DType.FLOAT32, Device.CPU, 40)));
        assertThat(logits(folder)).contains(Float.NaN);
    }

    @Test
    void lossLogitsToKeepAndHiddenStatesAreAsTransformersGivesThem() {
        try (PretrainedModel model = PretrainedModel.open(Fixtures.path("models/gpt2"), LoadOptions.DEFAULT);
                Scope scope = Scope.open()) {
            Tensor ids = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3);
            Map<String, Object> keywords = new LinkedHashMap<>();
            keywords.put("input_ids", ids);
            keywords.put("output_hidden_states", true);
            keywords.put("output_attentions", true);
            Map<?, ?> all = (Map<?, ?>) model.module().call(new Args(List.of(), keywords));
            assertThat(all.keySet().stream().map(Object::toString).toList())
                    .containsExactly("logits", "hidden_states", "attentions");
            List<?> states = (List<?>) all.get("hidden_states");
            assertThat(states).hasSize(4);
            assertThat(((Tensor) ((List<?>) all.get("attentions")).get(2)).shape())
                    .containsExactly(2, 4, 3, 3);
            Map<?, ?> last = (Map<?, ?>)
                    model.module().call(new Args(List.of(), Map.of("input_ids", ids, "logits_to_keep", 1L)));
            assertThat(((Tensor) last.get("logits")).shape()).containsExactly(2, 1, 512);
        }
    }

    // ---- what does not

    @Test
    void directoriesThatAreNoCheckpointsAreRefused() throws IOException {
        refuses(folder.resolve("nowhere"), "no such directory");
        Path file = Files.writeString(folder.resolve("file"), "");
        refuses(file, "is not a TorchScript archive");
        refuses(folder, "no config.json");
        Files.writeString(folder.resolve("config.json"), "{");
        refuses(folder, "config.json: it is not valid JSON");
        Files.writeString(folder.resolve("config.json"), "[]");
        refuses(folder, "expected a JSON object");
        Files.writeString(folder.resolve("config.json"), "{}");
        refuses(folder, "no model_type");
    }

    @Test
    void anUnknownArchitectureIsToldTheNearest() throws IOException {
        withWeights(weights -> {});
        config(c -> c.put("model_type", "lama"));
        refuses(folder, "'lama' is not supported; did you mean 'llama'?", "gpt2, ");
        config(c -> c.put("model_type", "zzzzzzzz"));
        refuses(folder, "'zzzzzzzz' is not supported; supported: ");
    }

    @Test
    void impossibleConfigsNameTheKey() throws IOException {
        withWeights(weights -> {});
        config(c -> c.put("n_head", 0));
        refuses(folder, "'n_head' must be a whole number of 1 or more, but is 0");
        config(c -> c.put("n_head", 3));
        refuses(folder, "n_embd (40) must be a multiple of n_head (3)");
        config(c -> c.put("n_layer", "three"));
        refuses(folder, "'n_layer' must be a whole number");
        config(c -> c.put("activation_function", "swoosh"));
        refuses(folder, "swoosh");
        config(c -> c.put("torch_dtype", "float7"));
        refuses(folder, "float7");
        config(c -> c.putObject("quantization_config").put("bits", 4));
        refuses(folder, "quantised");
    }

    @Test
    void absurdSizesAreRefusedBeforeAnythingIsBuilt() throws IOException {
        withWeights(weights -> {});
        config(c -> c.put("n_layer", 2_000_000_000));
        refuses(folder, "'n_layer' must be at most 1000, but is 2000000000");
        config(c -> c.put("n_embd", 1 << 30));
        refuses(folder, "'n_embd' must be at most 100000000");
        copyConfig("mixtral", c -> c.put("num_local_experts", 900).put("num_hidden_layers", 900));
        refuses(folder, "900 experts in 900 layers");
        copyConfig("qwen3_moe", c -> c.put("num_experts", 1_000_000));
        refuses(folder, "'num_experts' must be at most 1000");
    }

    @Test
    void impossibleRotaryEmbeddingsNameTheValue() throws IOException {
        copyConfig("llama", c -> c.put("rope_theta", 0));
        refuses(folder, "rope_theta must be over 0");
        copyConfig(
                "llama",
                c -> c.putObject("rope_scaling").put("rope_type", "linear").put("factor", 0));
        refuses(folder, "'linear' needs a 'factor' over 0");
        copyConfig("llama", c -> c.putObject("rope_scaling").put("rope_type", "magic"));
        refuses(folder, "rope type 'magic' is unknown");
        copyConfig("llama", c -> c.put("head_dim", 7));
        refuses(folder, "7 of a head's 7 numbers");
    }

    @Test
    void aCheckpointOfAnotherHeadIsToldApart() throws IOException {
        withWeights(weights -> weights.put("multiple_choice_head.summary.weight", Tensor.of(new float[80], 2, 40)));
        config(c -> c.putArray("architectures").add("GPT2DoubleHeadsModel"));
        refuses(
                folder,
                "unexpected: 'multiple_choice_head.summary.weight'",
                "it is a GPT2DoubleHeadsModel",
                "GPT2LMHeadModel");
    }

    @Test
    void wrongWeightsAreAllNamedInOneMessage() throws IOException {
        withWeights(weights -> {
            weights.remove("transformer.h.1.ln_1.bias");
            weights.put("transformer.h.9.ln_1.bias", Tensor.scalar(1));
            weights.put("transformer.wpe.weight", Tensor.of(new float[40], 1, 40));
            weights.put("transformer.ln_f.weight", Tensor.of(new long[40], 40));
        });
        refuses(
                folder,
                "1 missing: 'transformer.h.1.ln_1.bias'",
                "1 unexpected: 'transformer.h.9.ln_1.bias'",
                "'transformer.wpe.weight' has shape [1, 40], the config wants [64, 40]",
                "'transformer.ln_f.weight' has dtype int64");
        withWeights(Map::clear);
        refuses(folder, "40 missing", "and 28 more");
    }

    @Test
    void otherFormatsGetAHintToConvert() throws IOException {
        Files.copy(Fixtures.path("models/gpt2/config.json"), folder.resolve("config.json"));
        Files.writeString(folder.resolve("pytorch_model.bin"), "pickle");
        refuses(folder, "'pytorch_model.bin'", "save_pretrained");
    }

    @Test
    void aShardIndexMayNotLeaveItsDirectory() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path sharded = Fixtures.path("models/gpt2_sharded");
        for (String file : List.of("config.json", "model-00001-of-00002.safetensors")) {
            Files.copy(sharded.resolve(file), inside.resolve(file));
        }
        Path second = folder.resolve("model-00002-of-00002.safetensors");
        Files.copy(sharded.resolve("model-00002-of-00002.safetensors"), second);
        String index = Files.readString(sharded.resolve("model.safetensors.index.json"));
        Path indexFile = inside.resolve("model.safetensors.index.json");
        Files.writeString(indexFile, index);
        refuses(inside, "model-00002-of-00002.safetensors: there is no such file");
        for (String escape :
                List.of("../" + second.getFileName(), second.toString(), "x/../../" + second.getFileName())) {
            Files.writeString(indexFile, index.replace(second.getFileName().toString(), escape));
            refuses(inside, "outside its directory");
        }
        Files.writeString(indexFile, index.replace("00002-of", "00001-of"));
        refuses(inside, "does not hold it");
        Files.writeString(indexFile, "{\"weight_map\": [1]}");
        refuses(inside, "no object 'weight_map'");
    }

    @Test
    void linksLeadToShardsInTheDownloadCacheOnly() throws IOException {
        Path sharded = Fixtures.path("models/gpt2_sharded");
        Path blobs = Files.createDirectories(folder.resolve("models--x/blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("models--x/snapshots/1a2b"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (String file : List.of(
                "config.json",
                "model.safetensors.index.json",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors")) {
            Files.copy(sharded.resolve(file), blobs.resolve("hash-" + file));
            Files.createSymbolicLink(snapshot.resolve(file), Path.of("../../blobs/hash-" + file));
            Files.createSymbolicLink(elsewhere.resolve(file), blobs.resolve("hash-" + file));
        }
        assertThat(logits(snapshot)).isEqualTo(logits(sharded));
        refuses(elsewhere, "'model-00001-of-00002.safetensors', which is outside its directory");
    }

    @Test
    void loadOptionsAreCheckedAtOnce() {
        assertThatThrownBy(() -> new LoadOptions("int64", "auto", "auto")).hasMessageContaining("int64");
        assertThatThrownBy(() -> new LoadOptions("fp8", "auto", "auto")).hasMessageContaining("fp8");
        assertThatThrownBy(() -> new LoadOptions("auto", "auto", "flash")).hasMessageContaining("eager or sdpa");
        assertThatThrownBy(() ->
                        PretrainedModel.open(Fixtures.path("models/gpt2"), new LoadOptions("auto", "tpu", "auto")))
                .hasMessageContaining("tpu");
    }

    @Test
    void inputsThatCannotBeRunAreRefused() {
        try (PretrainedModel model = PretrainedModel.open(Fixtures.path("models/gpt2"), LoadOptions.DEFAULT);
                Scope scope = Scope.open()) {
            assertThatThrownBy(() -> model.module().call(new Args(List.of(), Map.of())))
                    .hasMessageContaining("either input_ids or inputs_embeds");
            assertThatThrownBy(() -> model.module()
                            .call(new Args(List.of(), Map.of("input_ids", Tensor.of(new long[65], 1, 65)))))
                    .hasMessageContaining("65 tokens")
                    .hasMessageContaining("64 positions");
            assertThatThrownBy(() -> model.module()
                            .call(new Args(
                                    List.of(),
                                    Map.of(
                                            "input_ids",
                                            Tensor.of(new long[4], 2, 2),
                                            "attention_mask",
                                            Tensor.of(new long[2], 2, 1)))))
                    .hasMessageContaining("must be [2, 2]");
            assertThatThrownBy(() -> model.module()
                            .call(new Args(List.of(), Map.of("input_ids", Tensor.of(new long[] {512}, 1, 1)))))
                    .hasMessageContaining("index out of range");
        }
    }

    @Test
    void sequencesLongerThanTheLearnedPositionsAreRefused() {
        for (String name : List.of("opt", "bert")) {
            try (PretrainedModel model = PretrainedModel.open(Fixtures.path("models/" + name), LoadOptions.DEFAULT);
                    Scope scope = Scope.open()) {
                int positions = model.config().size("max_position_embeddings");
                Tensor ids = Tensor.of(new long[positions + 1], 1, positions + 1);
                assertThatThrownBy(() -> model.module().call(new Args(List.of(), Map.of("input_ids", ids))))
                        .hasMessageContaining((positions + 1) + " tokens")
                        .hasMessageContaining("(max_position_embeddings)");
            }
        }
    }

    // ---- help

    private void refuses(Path directory, String... messages) {
        assertThatThrownBy(() ->
                        PretrainedModel.open(directory, LoadOptions.DEFAULT).close())
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(messages).doesNotContain("\n"));
    }

    private static float[] logits(Path directory) {
        try (PretrainedModel model = PretrainedModel.open(directory, LoadOptions.DEFAULT);
                Scope scope = Scope.open()) {
            Map<?, ?> output = (Map<?, ?>) model.module()
                    .call(new Args(List.of(), Map.of("input_ids", Tensor.of(new long[] {1, 2}, 1, 2))));
            return ((Tensor) output.get("logits")).toFloatArray();
        }
    }

    /** The gpt2 fixture with other weights. */
    private void withWeights(Consumer<Map<String, Tensor>> change) throws IOException {
        config(c -> {});
        try (Scope scope = Scope.open()) {
            SafetensorsFile file = SafetensorsFile.open(Fixtures.path("models/gpt2/model.safetensors"));
            Map<String, Tensor> weights = file.tensors(file.entries().keySet());
            change.accept(weights);
            SafetensorsWriter.write(folder.resolve("model.safetensors"), weights);
        }
    }

    private void config(Consumer<ObjectNode> change) throws IOException {
        copyConfig("gpt2", change);
    }

    private void copyConfig(String model, Consumer<ObjectNode> change) throws IOException {
        ObjectNode config = (ObjectNode)
                JSON.readTree(Fixtures.path("models/" + model + "/config.json").toFile());
        change.accept(config);
        JSON.writeValue(folder.resolve("config.json").toFile(), config);
    }

    @Test
    void theCountOfExpertsMayGoByTransformersFivesName() throws IOException {
        Path original = Fixtures.path("models/qwen3_moe");
        Files.copy(original.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        ObjectNode config =
                (ObjectNode) JSON.readTree(original.resolve("config.json").toFile());
        config.put("num_local_experts", config.remove("num_experts").asInt());
        JSON.writeValue(folder.resolve("config.json").toFile(), config);
        assertThat(logits(folder)).isEqualTo(logits(original));
    }

    @Test
    void aFailedLoadFreesWhatItHadLoaded() throws IOException {
        withWeights(weights -> {});
        byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(bytes, bytes.length - 100));
        assertThatThrownBy(() -> PretrainedModel.open(folder, LoadOptions.DEFAULT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("cut short");
    }
}
