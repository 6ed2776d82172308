package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt2_fp16", "gpt2_sharded", "llama", "bert", "qwen3_moe"})
    void treePrintsWhatTransformersPrints(String name) throws IOException {
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .execute("tree", Fixtures.path("models/" + name).toString());
        assertThat(code).isZero();
        assertThat(out.toString().strip())
                .isEqualTo(new ObjectMapper()
                        .readTree(Fixtures.path("modules/" + name + ".json").toFile())
                        .path("repr")
                        .asText()
                        .strip());
    }
}
