package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Place;
import io.sightline.graph.Port;
import io.sightline.intervene.BatchEdits;
import io.sightline.intervene.Bindings;
import io.sightline.intervene.Edit;
import io.sightline.intervene.Expression;
import io.sightline.intervene.Heads;
import io.sightline.intervene.Intervention;
import io.sightline.intervene.TokenSelection;
import io.sightline.nn.Args;
import io.sightline.token.TokenBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values come from transformers with hooks, each prompt alone: resources/intervene/make.py. */
@DisplayName("A batch whose rows differ in every parameter gives each row what its prompt gives alone")
class InterventionReferenceTest {
    private static final Block.Trace NO_GRAPH = new Block.Trace(Map.of(), List.of(), new Graph(0, false, List.of()));

    private JsonNode reference;
    private int width;

    /** The file's prompts as they are first, then one row for each of its cases. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "mixtral", "opt", "gpt_neox"})
    void eachRowIsThePromptAlone(String name) throws IOException {
        reference = new ObjectMapper()
                .readTree(Fixtures.repositoryPath("core/src/test/resources/intervene/" + name + ".json")
                        .toFile());
        long before = Torch.liveTensors();
        try (TestModel model = new TestModel("models/" + name);
                Scope scope = Scope.open()) {
            width = model.width();
            List<long[]> ids = new ArrayList<>();
            List<List<Intervention>> edits = new ArrayList<>();
            reference.get("prompts").forEach(prompt -> {
                ids.add(ids(prompt));
                edits.add(List.of());
            });
            reference.get("rows").forEach(row -> {
                ids.add(ids.get(row.get("prompt").asInt()));
                List<Intervention> own = new ArrayList<>();
                row.get("interventions")
                        .forEach(one ->
                                own.add(intervention(one, row.get("prompt").asInt())));
                edits.add(own);
            });
            float[][] logits = lastLogits(model, ids, edits);
            for (int i = 0; i < logits.length; i++) {
                int plain = reference.get("plain").size();
                assertRow(
                        name,
                        logits[i],
                        i < plain
                                ? reference.get("plain").get(i)
                                : reference.get("rows").get(i - plain).get("logits"),
                        i < plain
                                ? "prompt " + i
                                : reference.get("rows").get(i - plain).toString());
            }
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private static void assertRow(String name, float[] actual, JsonNode expected, String what) {
        for (int i = 0; i < expected.size(); i++) {
            float wanted = (float) expected.get(i).asDouble();
            assertThat(actual[i])
                    .as(name + ", logit " + i + " of " + what)
                    .isCloseTo(wanted, within(1e-4f + 1e-4f * Math.abs(wanted)));
        }
    }

    private static long[] ids(JsonNode prompt) {
        long[] ids = new long[prompt.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = prompt.get(i).asLong();
        }
        return ids;
    }

    private static float[][] lastLogits(TestModel model, List<long[]> ids, List<List<Intervention>> edits) {
        float[][] logits = new float[ids.size()][];
        List<Integer> lengths = ids.stream().map(row -> row.length).toList();
        Capture capture = new Capture(Place.output(""), (value, call) -> {
            try (Scope scope = Scope.open()) {
                Tensor last = value.select(1, value.size(1) - 1);
                for (int row = 0; row < logits.length; row++) {
                    logits[row] = last.select(0, row).toFloatArray();
                }
            }
        });
        try (TokenBatch batch = TokenBatch.leftPadded(ids, 0, Device.CPU);
                Results results = Interleaver.forBatches(NO_GRAPH, model)
                        .run(
                                new PreparedBatch(
                                        new Args(
                                                List.of(),
                                                Map.of(
                                                        "input_ids", batch.inputIds(),
                                                        "attention_mask", batch.attentionMask(),
                                                        "position_ids", batch.positionIds())),
                                        new int[] {ids.size()}),
                                List.of(capture),
                                new BatchEdits(edits, lengths))) {
            return logits;
        }
    }

    private Intervention intervention(JsonNode one, int prompt) {
        Place place = new Place(
                one.get("module").asText(), Port.valueOf(one.get("of").asText().toUpperCase(java.util.Locale.ROOT)));
        Heads heads = one.has("heads")
                ? new Heads(positions(one.get("heads")), reference.get("heads").asInt())
                : null;
        return new Intervention(place, tokens(one.get("tokens")), heads, edit(one, prompt));
    }

    private static List<Integer> positions(JsonNode list) {
        List<Integer> positions = new ArrayList<>();
        list.forEach(position -> positions.add(position.asInt()));
        return positions;
    }

    private static TokenSelection tokens(JsonNode tokens) {
        return switch (tokens.asText()) {
            case "all" -> TokenSelection.ALL;
            case "first" -> TokenSelection.FIRST;
            case "last" -> TokenSelection.LAST;
            default -> new TokenSelection.At(positions(tokens));
        };
    }

    private float @Nullable [] vector(JsonNode one) {
        if (!one.has("vector")) {
            return null;
        }
        float[] vector = new float[one.path("width").asInt(width)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) Math.sin(0.7 * i + one.get("vector").asInt()) / 2;
        }
        return vector;
    }

    private Edit edit(JsonNode one, int prompt) {
        float[] vector = vector(one);
        double number = one.path("number").asDouble();
        Map<String, Object> names = vector == null ? Map.of("s", number) : Map.of("s", number, "v", vector);
        Bindings bindings = new Bindings(names);
        return switch (one.get("kind").asText()) {
            case "add" -> new Edit.Add(operand(vector == null ? "s" : "s * v", bindings, prompt));
            case "add_base" -> new Edit.Add(operand("0.5 * base + unit(v)", bindings, prompt));
            case "set" -> new Edit.Set(operand("v", bindings, prompt));
            case "scale" -> new Edit.Scale(operand("s", bindings, prompt));
            case "project_out" -> new Edit.ProjectOut(operand("v", bindings, prompt));
            case "clamp" ->
                new Edit.Clamp(
                        new Edit.Number(one.get("low").asDouble()),
                        new Edit.Number(one.get("high").asDouble()));
            default -> new Edit.PatchFrom(one.get("from").asInt(), tokens(one.get("from_tokens")));
        };
    }

    private static Edit.Operand operand(String expression, Bindings bindings, int baseRow) {
        return Edit.operand(Expression.parse(expression), bindings, baseRow);
    }
}
