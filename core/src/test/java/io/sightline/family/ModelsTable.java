package io.sightline.family;

import io.sightline.fixtures.Checkpoints;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of docs/MODELS.md: for each family its features, and the largest difference from transformers on the checkpoints that the tests
 * have, measured anew. {@code scripts/models-table} runs it and writes the page.
 */
final class ModelsTable {
    static final String PAGE = "docs/MODELS.md";
    static final String BEGIN = "<!-- table: written by scripts/models-table -->";
    static final String END = "<!-- end of table -->";

    private static final Map<String, String> FEATURES = new LinkedHashMap<>();

    static {
        FEATURES.put("bert", "encoder with its masked language model head; tied or own head");
        FEATURES.put("cohere", "parallel residual, neighbours rotated, norms on queries and keys, scaled logits");
        FEATURES.put("cohere2", "cohere with a window, and no positions in layers without one");
        FEATURES.put("gemma", "GQA/MQA, own head_dim, scaled embeddings");
        FEATURES.put(
                "gemma2", "alternating window, capped scores and logits, pre and post norms, query_pre_attn_scalar");
        FEATURES.put(
                "gemma3_text",
                "norms on queries and keys, window pattern, rotary embeddings by layer type, scaled rope");
        FEATURES.put("glm4", "pre and post norms, part of neighbours rotated, fused gate");
        FEATURES.put("gpt2", "learned positions, Conv1D, scale_attn_by_inverse_layer_idx, reorder_and_upcast_attn");
        FEATURES.put("gpt_neo", "learned positions, local and global layers, unscaled scores");
        FEATURES.put("gpt_neox", "Pythia: partial rotation, parallel or sequential residual");
        FEATURES.put("gptj", "parallel residual, part of neighbours rotated, head with a bias");
        FEATURES.put("granite", "factors of embeddings, attention, residuals and logits");
        FEATURES.put("llama", "GQA, biases, own head_dim, tied or own head, every rope type");
        FEATURES.put("mistral", "window on every layer, GQA, own head_dim");
        FEATURES.put("mixtral", "sparse experts, router logits as a module's output, window");
        FEATURES.put("olmo", "norms without weights, clipped projections");
        FEATURES.put("olmoe", "sparse experts, norms on all queries and keys, clipped projections");
        FEATURES.put("olmo2", "post norms, norms on all queries and keys");
        FEATURES.put("olmo3", "olmo2 with a window pattern and rotary embeddings by layer type");
        FEATURES.put(
                "opt",
                "learned positions, norms before or after, projected embeddings, without biases or affine norms");
        FEATURES.put("phi", "parallel residual, partial rotation, biases everywhere");
        FEATURES.put("phi3", "fused projections, partial rotation, longrope, window");
        FEATURES.put("qwen2", "q/k/v biases, window on upper layers or by layer_types");
        FEATURES.put("qwen2_moe", "sparse experts and a shared one, dense layers, window");
        FEATURES.put("qwen3", "norms on queries and keys, own head_dim, window as qwen2");
        FEATURES.put(
                "qwen3_moe",
                "sparse experts in some layers, dense in others; norm_topk_prob; norms on queries and keys");
        FEATURES.put("smollm3", "layers without positions, by interval or list; window");
        FEATURES.put("stablelm", "layer norms, partial rotation, parallel or sequential residual");
        FEATURES.put("starcoder2", "layer norms, plain MLP, with or without biases, window");
    }

    private ModelsTable() {}

    /** One family's line. */
    record Row(String family, String features, List<String> checkpoints) {
        String start() {
            return "| " + family + " | " + features + " | " + String.join(", ", checkpoints) + " |";
        }

        String measured() {
            return start() + figures().stream().map(Row::cell).collect(Collectors.joining());
        }

        /** The largest difference by the eager kernel, by sdpa, and in the stored dtype (negative for none). */
        List<Double> figures() {
            return List.of(largest("eager"), largest("sdpa"), largestStored());
        }

        private static String cell(double value) {
            return value < 0 ? " – |" : String.format(Locale.ROOT, " %.1e |", value);
        }

        private double largest(String attention) {
            return checkpoints.stream()
                    .mapToDouble(name -> difference(name, attention))
                    .max()
                    .orElseThrow();
        }

        /** In the checkpoint's own 16-bit dtype, against transformers in the same; negative where there is no such reference. */
        private double largestStored() {
            double largest = -1;
            for (String name : checkpoints) {
                if (isFixture(name)) {
                    ReferenceCheck check = new ReferenceCheck(name, 1, 1);
                    if (check.has("native_right")) {
                        try (PretrainedModel model =
                                PretrainedModel.open(path(name), new LoadOptions(storedDtype(name), "cpu", "auto"))) {
                            check.run(model, "native_right");
                        }
                        largest = Math.max(largest, check.largestDifference());
                    }
                }
            }
            return largest;
        }
    }

    private static boolean isFixture(String name) {
        return ReferenceTest.models().anyMatch(name::equals);
    }

    private static Path path(String name) {
        return isFixture(name) ? Fixtures.path("models/" + name) : Checkpoints.path(name);
    }

    private static String storedDtype(String name) {
        try (PretrainedModel model = PretrainedModel.shapesOnly(path(name), LoadOptions.DEFAULT)) {
            return model.config().storedDtype().orElseThrow().shortName();
        }
    }

    private static double difference(String name, String attention) {
        try (PretrainedModel model = PretrainedModel.open(path(name), new LoadOptions("float32", "cpu", attention))) {
            if (!isFixture(name)) {
                ExpectedOutputs outputs = new ExpectedOutputs(name, 1);
                outputs.run(model);
                return outputs.largestDifference();
            }
            ReferenceCheck check = new ReferenceCheck(name, 1, 1);
            Stream.of("right", "left", "left_pos").filter(check::has).forEach(variant -> check.run(model, variant));
            return check.largestDifference();
        }
    }

    /** A row for each supported family, with every checkpoint of the tests that is one of it. */
    static List<Row> rows() {
        Map<String, List<String>> checkpoints = new LinkedHashMap<>();
        Families.supported().forEach(family -> checkpoints.put(family, new ArrayList<>()));
        Stream.concat(ReferenceTest.models(), Checkpoints.names().stream()).forEach(name -> {
            try (PretrainedModel model = PretrainedModel.shapesOnly(path(name), LoadOptions.DEFAULT)) {
                checkpoints.get(model.config().modelType()).add(name);
            }
        });
        List<Row> rows = new ArrayList<>();
        checkpoints.forEach((family, names) -> rows.add(new Row(family, FEATURES.getOrDefault(family, ""), names)));
        return rows;
    }

    /** Measures, and writes the table into the page. */
    public static void main(String[] arguments) throws IOException {
        Path page = Fixtures.repositoryPath(PAGE);
        String text = Files.readString(page);
        StringBuilder table =
                new StringBuilder("\n| model_type | features checked | checkpoints | eager | sdpa | stored dtype |\n");
        table.append("|---|---|---|---|---|---|\n");
        rows().forEach(row -> table.append(row.measured()).append('\n'));
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        Files.writeString(page, text.substring(0, begin) + table + text.substring(text.indexOf(END)));
        System.out.print(table);
    }
}
