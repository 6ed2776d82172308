package io.sightline.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("PARITY 44: the wire format, and files that are none")
class WireReaderTest {
    private static String trace(String nodes) {
        return "{\"type_name\":\"TRACER\",\"kwargs\":{},\"invoker_inputs\":[],\"graph\":{\"type_name\":\"GRAPH\",\"id\":7,"
                + "\"sequential\":false,\"nodes\":{" + nodes + "}}}";
    }

    private static String call(String name, String args) {
        return "\"" + name + "\":{\"type_name\":\"NODE\",\"name\":\"" + name
                + "\",\"target\":{\"type_name\":\"FUNCTION\",\"function_name\":\"builtins.print\"},\"args\":[" + args
                + "]}";
    }

    private static Value argument(String json) {
        Operation operation = WireReader.read(trace(call("print_0", json)))
                .graph()
                .nodes()
                .get(0)
                .operation();
        return ((Operation.Call) operation).args().get(0);
    }

    @Test
    void readsEveryKindOfValue() {
        assertThat(argument("5000000000")).isEqualTo(new Value.IntValue(5_000_000_000L));
        assertThat(argument("0.5")).isEqualTo(new Value.FloatValue(0.5));
        assertThat(argument("null")).isEqualTo(Value.Constant.NONE);
        assertThat(argument("{\"type_name\":\"ELLIPSIS\"}")).isEqualTo(Value.Constant.ELLIPSIS);
        assertThat(argument("{\"type_name\":\"LIST\",\"values\":[1,\"a\",{\"type_name\":\"LIST\",\"values\":[]}]}"))
                .isEqualTo(new Value.ListValue(
                        List.of(new Value.IntValue(1), new Value.StringValue("a"), new Value.ListValue(List.of()))));
        assertThat(argument("{\"type_name\":\"DICT\",\"values\":{\"k\":true}}"))
                .isEqualTo(new Value.DictValue(Map.of("k", Value.Constant.TRUE)));
        assertThat(argument("{\"type_name\":\"SLICE\",\"start\":null,\"stop\":-1,\"step\":2}"))
                .isEqualTo(new Value.SliceValue(Value.Constant.NONE, new Value.IntValue(-1), new Value.IntValue(2)));
    }

    @Test
    void readsTensorsOfAllShapesWhereverTheirTypeNameStands() {
        Value expected = new Value.TensorValue("int64", List.of(2L, 2L), new long[] {1, 2, 3, 4}, new double[0]);
        assertThat(argument("{\"type_name\":\"TENSOR\",\"values\":[[1,2],[3,4]],\"dtype\":\"int64\"}"))
                .isEqualTo(expected);
        assertThat(argument("{\"dtype\":\"int64\",\"values\":[[1,2],[3,4]],\"type_name\":\"TENSOR\"}"))
                .isEqualTo(expected);
        Value bools = new Value.TensorValue("bool", List.of(2L), new long[] {1, 0}, new double[0]);
        assertThat(argument("{\"type_name\":\"TENSOR\",\"values\":[true,false],\"dtype\":\"bool\"}"))
                .isEqualTo(bools);
        assertThat(argument("{\"values\":[true,false],\"dtype\":\"bool\",\"type_name\":\"TENSOR\"}"))
                .isEqualTo(bools);
        assertThat(argument("{\"type_name\":\"TENSOR\",\"values\":1.5,\"dtype\":\"float32\"}"))
                .isEqualTo(new Value.TensorValue("float32", List.of(), new long[0], new double[] {1.5}));
        assertThat(argument("{\"type_name\":\"TENSOR\",\"values\":[[],[]],\"dtype\":\"float32\"}"))
                .isEqualTo(new Value.TensorValue("float32", List.of(2L, 0L), new long[0], new double[0]));
    }

    @Test
    void givesTheModelKeyOfARequest() {
        String request = WireWriter.writeRequest(WireReader.read(trace("")), "nnsight.LanguageModel:{}");
        assertThat(WireReader.modelKey(request)).isEqualTo("nnsight.LanguageModel:{}");
        assertThat(WireReader.modelKey(trace(""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NaN | no NaN and no Infinity",
                "-Infinity | no NaN and no Infinity",
                "1e999 | does not fit a float",
                "99999999999999999999 | does not fit 64 bits",
                "[1] | a bare JSON array",
                "{} | without 'type_name'",
                "{\"type_name\":\"PICKLE\"} | no type 'PICKLE'",
                "{\"type_name\":\"LIST\"} | without 'values'",
                "{\"type_name\":\"LIST\",\"values\":5} | 'values' has to be an array",
                "{\"type_name\":\"NODE_REFERENCE\",\"name\":5} | 'name' has to be a string",
                "{\"type_name\":\"TENSOR\",\"values\":[[1],[2,3]],\"dtype\":\"int64\"} | nest evenly",
                "{\"type_name\":\"TENSOR\",\"values\":[[1],2],\"dtype\":\"int64\"} | nest evenly",
                "{\"type_name\":\"TENSOR\",\"values\":[[],[1]],\"dtype\":\"int64\"} | nest evenly",
                "{\"type_name\":\"TENSOR\",\"values\":[null],\"dtype\":\"float32\"} | holds numbers",
                "{\"type_name\":\"TENSOR\",\"values\":[0.5],\"dtype\":\"int64\"} | holds a fraction",
                "{\"type_name\":\"TENSOR\",\"values\":[1],\"dtype\":\"object\"} | no TENSOR of dtype 'object'",
            })
    void refusesWhatIsNoValue(String json, String message) {
        assertThatThrownBy(() -> argument(json))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | one JSON object",
                "{ | no valid graph JSON",
                "'' | one JSON object",
                "{} {} | without 'type_name'",
                "{\"type_name\":\"LIST\",\"values\":[]} | expected a request, a TRACER or a SESSION",
                "{\"object\":5,\"model_key\":\"k\"} | 'object' has to be a string",
                "{\"object\":\"{}\",\"model_key\":\"k\"} | without 'type_name'",
            })
    void refusesWhatIsNoRequest(String json, String message) {
        assertThatThrownBy(() -> WireReader.read(json))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesDeepNestingBeforeItOverflowsTheStack() {
        String deep = "{\"type_name\":\"LIST\",\"values\":[".repeat(100_000) + "]}".repeat(100_000);
        assertThatThrownBy(() -> argument(deep))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void refusesAMillionNodesWhileReading() {
        StringBuilder nodes = new StringBuilder(call("print_0", ""));
        for (int i = 1; i < 1_000_000 && nodes.length() < 60_000_000; i++) {
            nodes.append(',')
                    .append("\"p")
                    .append(i)
                    .append("\":{\"type_name\":\"NODE\",\"name\":\"p")
                    .append(i)
                    .append("\",\"target\":{\"type_name\":\"FUNCTION\",\"function_name\":\"p\"}}");
        }
        String json = trace(nodes.toString());
        assertThatThrownBy(() -> WireReader.read(json))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("more than 100000 nodes");
    }

    @Test
    void refusesANodeNamedTwiceOrUnderAnotherName() {
        assertThatThrownBy(() -> WireReader.read(trace(call("a", "") + "," + call("a", ""))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Duplicate field 'a'");
        assertThatThrownBy(() -> WireReader.read(trace(call("a", "").replaceFirst("\"a\"", "\"b\""))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("stands under the name 'b'");
    }

    @Test
    void aNodeWithoutItsArgumentsIsRefusedByName() {
        String swap = call("SwapProtocol_0", "1").replace("builtins.print", "nnsight.tracing.protocols.SwapProtocol");
        assertThatThrownBy(() -> WireReader.read(trace(swap)))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("node 'SwapProtocol_0'")
                .hasMessageContaining("has to be a NODE_REFERENCE");
    }

    @Test
    void writesNoNaN() {
        Block block = new Block.Trace(
                Map.of("a", new Value.FloatValue(Double.NaN)), List.of(), new Graph(7, false, List.of()));
        assertThatThrownBy(() -> WireWriter.write(block))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("can't be written");
    }

    @Test
    void aFileThatIsNoTextIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("g.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> WireReader.read(file))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void placesOfAttentionAreSpelledLikeThoseOfNnsight() {
        for (String key :
                List.of(".h.0.attn.input", ".h.0.attn.scores", ".h.0.attn.probabilities", ".h.0.attn.output")) {
            assertThat(Place.parse(key).key()).isEqualTo(key);
        }
        assertThat(Place.parse(".h.0.attn.scores")).isEqualTo(Place.scores("h.0.attn"));
        assertThat(Place.parse(".h.0.attn.probabilities")).isEqualTo(Place.probabilities("h.0.attn"));
    }
}
