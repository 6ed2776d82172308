package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryPrinterTest {
    @Test
    void aPathIsOneWordForTheShell() {
        assertThat(SummaryPrinter.quoted("out/quick-start_1")).isEqualTo("out/quick-start_1");
        assertThat(SummaryPrinter.quoted("hdfs://host:8020/out")).isEqualTo("hdfs://host:8020/out");
        assertThat(SummaryPrinter.quoted("my out")).isEqualTo("'my out'");
        assertThat(SummaryPrinter.quoted("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    }
}
