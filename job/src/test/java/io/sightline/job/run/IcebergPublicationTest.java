package io.sightline.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.iceberg.IcebergRun;
import io.sightline.job.table.iceberg.PromptChunks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When chunks that are committed become visible in the Iceberg tables. */
class IcebergPublicationTest {
    private static final StructType NONE = new StructType();
    private static final Duration NEVER = Duration.ofDays(1);

    private final Configuration hadoop = new Configuration();

    @TempDir
    private Path folder;

    private RunDirectory run(int number) {
        return new RunDirectory(new org.apache.hadoop.fs.Path(folder.toUri()), "data/r" + number);
    }

    private IcebergRun tables(int number) {
        return IcebergRun.open(run(number), NONE, Map.of(), hadoop);
    }

    @Test
    void whileTheRunGoesOnChunksAreAddedFromTimeToTime() throws InterruptedException {
        Instant patience = Instant.now().plusSeconds(60);
        try (Publication publication = IcebergPublication.start(run(1), tables(1), hadoop, Duration.ofMillis(50))) {
            PromptChunks.write(run(1), NONE, 3, hadoop);
            while (tables(1).chunks().size() < 3 && Instant.now().isBefore(patience)) {
                Thread.sleep(50);
            }
            assertThat(tables(1).chunks()).as(publication.toString()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void aRunThatFailsShowsWhatItCommitted() {
        try (Publication publication = IcebergPublication.start(run(1), tables(1), hadoop, NEVER)) {
            PromptChunks.write(run(1), NONE, 2, hadoop);
            assertThat(tables(1).chunks()).as(publication.toString()).isEmpty();
        }
        assertThat(tables(1).chunks()).containsExactly(0, 1);
    }

    @Test
    void aRunThatReplacesAnotherShowsNothingBeforeItIsComplete() throws IOException {
        tables(1).append(PromptChunks.write(run(1), NONE, 3, hadoop));
        run(2).fileSystem(hadoop).delete(run(2).commits(), true);
        PromptChunks.write(run(2), NONE, 2, hadoop);
        try (Publication broken = IcebergPublication.start(run(2), tables(2), hadoop, Duration.ofMillis(10))) {
            assertThat(tables(2).showsAnotherRun()).as(broken.toString()).isTrue();
        }
        assertThat(tables(2).chunks()).isEmpty();
        assertThat(tables(1).chunks()).containsExactly(0, 1, 2);
        try (Publication publication = IcebergPublication.start(run(2), tables(2), hadoop, NEVER)) {
            publication.finish(CommittedChunks.read(run(2), hadoop));
        }
        assertThat(tables(2).chunks()).isEqualTo(Set.of(0, 1));
        assertThat(tables(2).showsAnotherRun()).isFalse();
    }
}
