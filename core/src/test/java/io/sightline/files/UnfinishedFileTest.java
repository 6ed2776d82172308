package io.sightline.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedFileTest {
    @TempDir
    private Path folder;

    @Test
    void thePlaceShowsWhatWasThereUntilTheFileIsFinished() throws IOException {
        Path place = Files.writeString(folder.resolve("result"), "old");
        try (UnfinishedFile file = UnfinishedFile.of(place)) {
            Files.writeString(file.path(), "new");
            assertThat(place).hasContent("old");
            file.finish();
        }
        assertThat(place).hasContent("new");
        assertThat(folder).isDirectoryNotContaining("glob:**.unfinished");
    }

    @Test
    void whatIsNotFinishedLeavesNothing() throws IOException {
        try (UnfinishedFile file = UnfinishedFile.of(folder.resolve("result"))) {
            Files.writeString(file.path(), "half");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void thePermissionsAreThoseOfAnyNewFile() throws IOException {
        Path any = Files.createFile(folder.resolve("any"));
        Path place = folder.resolve("result");
        try (UnfinishedFile file = UnfinishedFile.of(place)) {
            file.finish();
        }
        assertThat(Files.getPosixFilePermissions(place)).isEqualTo(Files.getPosixFilePermissions(any));
    }
}
