package io.sightline.job.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.config.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an executor finds where the driver found the model. */
class ModelFilesTest {
    @TempDir
    Path folder;

    private Path model;
    private ModelSpec spec;

    @BeforeEach
    void copyModel() throws IOException {
        model = folder.resolve("model");
        FileUtils.copyDirectory(Fixtures.repositoryPath("conf/quickstart/model").toFile(), model.toFile());
        spec = new ModelSpec(
                new ModelSource(model.toString(), "auto", "cpu", "auto"), CheckpointHash.ofModel(model), "none");
    }

    @Test
    void theSameModelIsFoundAgain() {
        assertThat(ModelFiles.open(spec, new Configuration())).isEqualTo(model);
    }

    @Test
    void aModelThatVanishedIsNamedWithTheNode() throws IOException {
        FileUtils.deleteDirectory(model.toFile());
        assertThatThrownBy(() -> ModelFiles.open(spec, new Configuration()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model is gone on " + Host.name() + ": model.path: no such directory: " + model);
    }

    @Test
    void anotherModelInItsPlaceIsRefused() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("1e-05", "1e-06"));
        assertThatThrownBy(() -> ModelFiles.open(spec, new Configuration()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not the one that the driver read")
                .hasMessageContaining("put the same files on every node");
    }

    @Test
    void aModelThatLostItsWeightsIsNamed() throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        assertThatThrownBy(() -> ModelFiles.open(spec, new Configuration()))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining(model.toString());
    }
}
