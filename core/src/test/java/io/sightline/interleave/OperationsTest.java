package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.graph.WireReader;
import io.sightline.interleave.function.Whitelist;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Operators, torch functions, tensor methods, indexing, builtins: each against what Python and torch 2.13 gave. */
@DisplayName("PARITY 20, 21: operations")
class OperationsTest {
    @Test
    void eightHundredExpressionsGiveWhatTorchGives() throws IOException {
        Path folder = Fixtures.repositoryPath("core/src/test/resources/interleave/operations");
        ExpectedValues expected = new ExpectedValues(folder);
        try (TestModel model = new TestModel("tiny/two_linear");
                Results results = Interleaver.of(WireReader.read(folder.resolve("request.json")), model, line -> {})
                        .run()) {
            expected.compare(results);
            assertThat(results.values().get("999")).hasSizeGreaterThan(800);
        }
    }

    @Test
    void bothSpellingsOfTorchsFunctionsAreKnown() {
        for (String name : new String[] {"softmax", "zeros", "einsum", "topk", "where"}) {
            assertThat(Whitelist.names())
                    .contains("torch._VariableFunctionsClass." + name, "_VariableFunctionsClass." + name);
        }
        assertThat(Whitelist.names())
                .contains(
                        "torch.nn.functional.softmax",
                        "torch._C._nn.gelu",
                        "torch._C._nn.linear",
                        "torch._tensor.Tensor.split",
                        "einops.einops.rearrange",
                        "torch.optim.sgd.SGD",
                        "torch.nn.parameter.Parameter")
                .noneMatch(name -> name.endsWith(".from_file") || name.endsWith(".frombuffer") || name.contains("__"));
    }
}
