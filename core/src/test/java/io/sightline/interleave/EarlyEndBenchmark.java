package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Place;
import io.sightline.interleave.InterleaveBenchmark.Batched;
import io.sightline.interleave.InterleaveBenchmark.Case;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a capture costs by where it is: on random weights, blocks 3 and 11 of a GPT-2 of 12 blocks (256 wide, 2,000 tokens in its
 * vocabulary), and the last layer of a BERT of MiniLM's shape (6 x 384, vocabulary 30,522) with and without the head that follows it.
 */
final class EarlyEndBenchmark {
    private static final int ROUNDS = 20;

    private static final String GPT2 = """
            {"model_type": "gpt2", "n_embd": 256, "n_head": 4, "n_layer": 12, "n_positions": 64, "vocab_size": 2000}
            """;

    private static final String MINILM = """
            {"model_type": "bert", "hidden_size": 384, "intermediate_size": 1536, "num_attention_heads": 12, "num_hidden_layers": 6,
             "max_position_embeddings": 64, "type_vocab_size": 2, "vocab_size": 30522, "hidden_act": "gelu"}
            """;

    private EarlyEndBenchmark() {}

    static void run() {
        List<Case> blocks = measured(
                GPT2, capture("transformer.h.11", true), capture("transformer.h.3", true), capture("lm_head", true));
        InterleaveBenchmark.report("GPT-2 of 12 blocks", blocks);
        System.out.printf("block 3 / block 11: %.2f%n", ratio(blocks));
        List<Case> layers =
                measured(MINILM, capture("bert.encoder.layer.5", false), capture("bert.encoder.layer.5", true));
        InterleaveBenchmark.report("BERT of MiniLM's shape", layers);
        System.out.printf("without the head / with it: %.2f%n", ratio(layers));
    }

    private record Captured(String path, boolean endsEarly) {
        @Override
        public String toString() {
            return "capture of " + path + (endsEarly ? "" : ", whole pass");
        }
    }

    private static Captured capture(String path, boolean endsEarly) {
        return new Captured(path, endsEarly);
    }

    private static double ratio(List<Case> cases) {
        return InterleaveBenchmark.median(cases.get(1)) / InterleaveBenchmark.median(cases.get(0));
    }

    private static List<Case> measured(String config, Captured... captures) {
        try (Scope scope = Scope.open();
                PretrainedModel model = shapes(config)) {
            randomise(model.module());
            PreparedBatch batch = new PreparedBatch(
                    InterleaveBenchmark.arguments().with("use_cache", false), new int[] {InterleaveBenchmark.BATCH});
            Block.Trace empty = new Block.Trace(Map.of(), List.of(), new Graph(1, false, List.of()));
            List<Case> cases = new ArrayList<>();
            for (Captured captured : captures) {
                Interleaver interleaver =
                        Interleaver.forBatches(empty, new Batched(model.module(), captured.endsEarly()));
                Capture capture = new Capture(Place.output(captured.path()), (value, call) -> {});
                cases.add(new Case(
                        captured.toString(),
                        () -> interleaver.run(batch, List.of(capture)).close(),
                        new ArrayList<>()));
            }
            InterleaveBenchmark.measure(cases, ROUNDS);
            return cases;
        }
    }

    private static PretrainedModel shapes(String config) {
        try {
            Path directory = Files.createTempDirectory("benchmark");
            Path file = Files.writeString(directory.resolve("config.json"), config);
            PretrainedModel model = PretrainedModel.shapesOnly(directory, new LoadOptions("float32", "cpu", "auto"));
            Files.delete(file);
            Files.delete(directory);
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void randomise(Module module) {
        Random random = new Random(1);
        for (Parameter parameter : module.namedParameters().values()) {
            long[] shape = parameter.shape();
            float[] values =
                    new float[Math.toIntExact(java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat() * 0.1f - 0.05f;
            }
            parameter.bind(Tensor.of(values, shape).to(Device.CPU));
        }
    }
}
