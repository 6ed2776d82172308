package io.sightline.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileReaderTest {
    private static final String JOB = """
            name: facts
            model: { path: m }
            prompts: { path: p.jsonl, text: text, id: id, keep: [task] }
            capture:
              - { name: resid, module: transformer.h.* }
              - { name: edges, module: ln_f, of: input, tokens: [0, -1], dtype: float16 }
            output: { path: out }
            """;

    @Test
    void whatIsNotSaidHasTheDocumentedDefaults() {
        JobFile job = JobFileReader.read(JOB, Map.of());
        assertThat(job.model()).isEqualTo(new ModelSource("m", "auto", "auto", "auto"));
        assertThat(job.prompts().format()).isEqualTo("json");
        assertThat(job.prompts().tooLong()).isEqualTo(PromptSource.TooLong.ERROR);
        assertThat(job.batch()).isEqualTo(new BatchLimits(8192, 64));
        assertThat(job.output()).isEqualTo(new OutputTarget("out", "parquet", "zstd"));
        assertThat(job.captures().get(0).tokens()).isEqualTo(TokenSelection.of(TokenSelection.Kind.ALL));
        assertThat(job.captures().get(1).tokens().indices()).containsExactly(0, -1);
        assertThat(job.captures().get(1).input()).isTrue();
        assertThat(job.errorLimit()).isNull();
    }

    @Test
    void settingsAreReadAsYamlAndReachIntoLists() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("batch.max_size", "8");
        settings.put("capture[0].tokens", "[1]");
        settings.put("capture.1.name", "other");
        settings.put("prompts.text", "[a, b]");
        JobFile job = JobFileReader.read(JOB, settings);
        assertThat(job.batch().maxSize()).isEqualTo(8);
        assertThat(job.captures().get(0).tokens().indices()).containsExactly(1);
        assertThat(job.captures().get(1).name()).isEqualTo("other");
        assertThat(job.prompts().text()).isEqualTo(List.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    modle=x                   | unknown key 'modle'; did you mean 'model'?
                    capture[1].modul=x        | unknown key 'capture[1].modul'; did you mean 'module'?
                    model.dtype=float31       | model.dtype: expected one of auto, float32, float16, bfloat16, got 'float31'; did you mean
                    batch.max_size=0          | batch.max_size: expected a whole number of at least 1, got 0
                    batch.max_size=many       | batch.max_size: expected a whole number of at least 1, got 'many'
                    capture[0].tokens=[x]     | capture[0].tokens: expected all, last, first, mean, or a list
                    capture[0].invoke=1       | capture 'resid': invoke is 1, but prompts.text has 1 column, counted from 0
                    capture[1].name=resid     | capture: two entries are named 'resid'
                    capture[9].name=x         | '9' should be an item's number, 0 to 1
                    prompts.input_ids=ids     | prompts.text: give either text (a column, or a list of columns) or input_ids, not both
                    prompts.path=prompts      | prompts.format is missing
                    output=null               | output.path is missing
                    values={a: b}             | values: names nodes of a graph, but there is no graph
                    """)
    void whatIsWrongIsNamedByItsPath(String setting, String message) {
        String[] parts = setting.split("=", 2);
        assertThatThrownBy(() -> JobFileReader.read(JOB, Map.of(parts[0], parts[1])))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void brokenYamlIsReportedWithItsLine() {
        assertThatThrownBy(() -> JobFileReader.read("name: a\nmodel: {", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no valid YAML (line");
    }
}
