package io.sightline.job.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.job.config.ConfigException;
import org.junit.jupiter.api.Test;

class ProbeFileReaderTest {
    private static final String LEAST = "run: out/a\noutput: out/p\nlabels: [{ column: label }]\n";

    @Test
    void aRunAnOutputAndALabelAreEnough() {
        ProbeFile file = ProbeFileReader.read(LEAST);
        assertThat(file.runs()).containsEntry("a", "out/a");
        assertThat(file.poolings()).containsExactly(Pooling.LAST);
        assertThat(file.kinds()).isEmpty();
        assertThat(file.standardize()).containsExactly(true);
        assertThat(file.control()).isEqualTo(ProbeFile.Control.SHUFFLED_LABELS);
        assertThat(file.split().train()).isCloseTo(0.6, within(1e-12));
        assertThat(file.strengths().c()).startsWith(0.001);
        assertThat(file.strengths().alpha()).startsWith(1000.0);
    }

    @Test
    void layersMayBeRanges() {
        ProbeFile file = ProbeFileReader.read(LEAST + "captures: [{ name: resid, layers: [0-2, 5] }]");
        assertThat(file.captures().get(0).layers()).containsExactly(0, 1, 2, 5);
    }

    @Test
    void complaintsNameTheKeyAndTheNearestOne() {
        refuses(LEAST + "poling: last", "unknown key 'poling'", "pooling");
        refuses(LEAST + "pooling: lst", "pooling", "'lst'", "last");
        refuses(LEAST + "kinds: [logistics]", "kinds", "logistic");
        refuses(LEAST + "split: { train: 0.5 }", "split", "add up to 1");
        refuses(LEAST + "split: { folds: 1 }", "folds", "at least 2");
        refuses(LEAST + "kinds: [logistic]\nsplit: { validation: 0 }", "split.validation is 0", "several strengths");
        refuses(LEAST + "regularization: { c: [0] }", "c", "numbers above 0");
        refuses("run: out/a\noutput: out/p\n", "labels");
        refuses("run: [x/a, y/a]\noutput: out/p\nlabels: [{ column: label }]", "two directories are called 'a'");
        refuses("output: [", "no valid YAML");
    }

    private static void refuses(String yaml, String... parts) {
        assertThatThrownBy(() -> ProbeFileReader.read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(parts);
    }
}
