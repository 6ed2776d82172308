package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.GraphException;
import io.sightline.graph.WireReader;
import io.sightline.nn.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Graphs spoilt at random, from a fixed seed, either run or are refused by a {@link GraphException}; nothing else, and nothing is left behind. */
class FuzzTest {
    private static final int MUTANTS = 3000;
    private static final String[] STRINGS = {
        "",
        ".",
        "..",
        "layer1",
        ".layer1.output",
        ".layer2.input",
        ".output",
        "__class__",
        "builtins.eval",
        "_operator.add",
        "sum",
        "backward",
        "nnsight.util.fetch_attr",
        "NODE",
        "TENSOR",
        "float32",
        "\u0000",
        "𝒳",
        "LockProtocol_0",
        "InterventionProtocol_0",
        "append",
        "torch.nn.parameter.Parameter"
    };
    private static final long[] NUMBERS = {0, 1, -1, 2, 7, -100, 1000, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};

    private final ObjectMapper mapper = new ObjectMapper();
    private final Random random = new Random(20261124);

    @Test
    void spoiltGraphsRunOrAreRefused() throws IOException {
        List<Path> graphs;
        try (Stream<Path> folders = Files.list(Fixtures.path("graphs"))) {
            graphs = folders.filter(folder -> folder.getFileName().toString().startsWith("t_"))
                    .sorted()
                    .toList();
        }
        int ran = 0;
        int refused = 0;
        try (TestModel model = new TestModel("tiny/two_linear")) {
            for (int i = 0; i < MUTANTS; i++) {
                JsonNode graph = mapper.readTree(
                        graphs.get(i % graphs.size()).resolve("object.json").toFile());
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    spoil(graph);
                }
                long before = Torch.liveTensors();
                String json = mapper.writeValueAsString(graph);
                try (Results results =
                        Interleaver.of(WireReader.read(json), model, line -> {}).run()) {
                    ran++;
                } catch (GraphException e) {
                    assertThat(e.getMessage()).isNotBlank();
                    refused++;
                } catch (Throwable e) {
                    throw new AssertionError("mutant " + i + ": " + e + "\n" + json, e);
                }
                assertThat(Torch.liveTensors()).as("mutant %d: %s", i, json).isEqualTo(before);
            }
            assertThat(model.module().namedModules().values().stream()
                            .mapToInt(Module::hookCount)
                            .sum())
                    .isZero();
        }
        assertThat(ran).isGreaterThan(MUTANTS / 20);
        assertThat(refused).isGreaterThan(MUTANTS / 3);
    }

    private void spoil(JsonNode root) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        if (chosen instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name, other(containers));
                case 2 -> object.set("x" + name, object.get(name));
                default -> object.set(name, leaf());
            }
        } else if (chosen instanceof ArrayNode array && !array.isEmpty()) {
            int index = random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.remove(index);
                case 1 -> array.set(index, other(containers));
                case 2 -> array.insert(index, array.get(index).deepCopy());
                default -> array.set(index, leaf());
            }
        }
    }

    private void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private JsonNode other(List<JsonNode> containers) {
        return containers.get(random.nextInt(containers.size())).deepCopy();
    }

    private JsonNode leaf() {
        return switch (random.nextInt(5)) {
            case 0 -> mapper.getNodeFactory().nullNode();
            case 1 -> mapper.getNodeFactory().booleanNode(random.nextBoolean());
            case 2 -> mapper.getNodeFactory().numberNode(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 3 -> mapper.getNodeFactory().numberNode(random.nextGaussian() * 1e3);
            default -> mapper.getNodeFactory().textNode(STRINGS[random.nextInt(STRINGS.length)]);
        };
    }
}
