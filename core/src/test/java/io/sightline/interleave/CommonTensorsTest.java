package io.sightline.interleave;

import static io.sightline.interleave.GraphSketch.ALL;
import static io.sightline.interleave.GraphSketch.ID;
import static io.sightline.interleave.GraphSketch.ref;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** GPT-2's position embeddings are {@code [1, tokens, hidden]} where no position ids are given: one for all rows. */
class CommonTensorsTest {
    private static JsonNode reference() throws IOException {
        return new ObjectMapper()
                .readTree(Fixtures.repositoryPath("core/src/test/resources/writes/expected.json")
                        .toFile());
    }

    private static Value prompt(JsonNode ids) {
        List<Value> values = new ArrayList<>();
        ids.forEach(id -> values.add(new Value.IntValue(id.asLong())));
        Value rows = new Value.ListValue(List.of(new Value.ListValue(values)));
        return new Value.TupleValue(List.of(new Value.DictValue(Map.of("input_ids", rows))));
    }

    @Test
    void whatOneInvokeWritesIntoATensorOfAllRowsIsInItsOwnRowsOnly() throws IOException {
        JsonNode reference = reference();
        GraphSketch graph = new GraphSketch();
        String positions = graph.at(Place.output("transformer.wpe"), 1, 0);
        Value last = new Value.TupleValue(List.of(ALL, new Value.IntValue(-1)));
        graph.add(
                "setitem",
                new Operation.Call(
                        "_operator.setitem", List.of(ref(positions), last, new Value.IntValue(0)), Map.of()));
        String plain = graph.save(graph.at(Place.output("lm_head"), 0, 0));
        String written = graph.save(graph.at(Place.output("lm_head"), 1, 0));
        try (TestModel model = new TestModel("models/gpt2");
                Results results = Interleaver.of(
                                graph.trace(prompt(reference.get("other")), prompt(reference.get("ids"))), model)
                        .run()) {
            assertLastLogits(results, plain, reference.at("/expected/gpt2 plain/other"));
            assertLastLogits(results, written, reference.at("/expected/gpt2 positions/ids"));
        }
    }

    private static void assertLastLogits(Results results, String node, JsonNode expected) {
        float[] all = results.tensor(ID, node).toFloatArray();
        int vocabulary = (int) results.tensor(ID, node).size(-1);
        float[] wanted = new float[expected.size()];
        float[] actual = new float[expected.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = (float) expected.get(i).asDouble();
            actual[i] = all[all.length - vocabulary + i];
        }
        assertThat(actual).usingComparatorWithPrecision(3e-4f).containsExactly(wanted);
    }
}
