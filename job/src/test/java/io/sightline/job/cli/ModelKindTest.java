package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.family.LoadOptions;
import io.sightline.family.ModelKind;
import io.sightline.fixtures.Fixtures;
import io.sightline.job.config.ModelSource;
import io.sightline.job.model.LoadedModel;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.TraceableModel;
import io.sightline.trace.TracedModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path is the same kind of model in Java, in a job and on the command line. */
class ModelKindTest {
    private static final LoadOptions CPU = new LoadOptions("auto", "cpu", "auto");
    private static final Path SCRIPT = Fixtures.repositoryPath("core/src/test/resources/torchscript/scripted.pt");

    @TempDir
    private Path folder;

    @Test
    void aCheckpointStaysOneBesideATorchScriptFileAndAModelJson() throws IOException {
        FileUtils.copyDirectory(Fixtures.path("models/gpt2").toFile(), folder.toFile());
        Files.copy(SCRIPT, folder.resolve("model.pt"));
        Files.writeString(folder.resolve("model.json"), "{}");
        assertThat(ModelKind.of(folder)).isEqualTo(ModelKind.CHECKPOINT);
        try (TraceableModel<?> model = TraceableModel.open(folder, CPU)) {
            assertThat(model).isInstanceOf(LanguageModel.class);
        }
        assertThat(LoadedModel.modules(folder, new ModelSource(folder.toString(), "auto", "cpu", "auto")))
                .contains("transformer.h.0");
        Shell shell = Shell.run(
                new TraceCommand(),
                folder,
                "--graph",
                Fixtures.path("graphs/g_save_io/request.json"),
                "--out",
                folder.resolve("out.safetensors"));
        assertThat(shell.code()).as(shell.err()).isZero();
    }

    @Test
    void aTorchScriptFileIsAPlainModule() {
        assertThat(ModelKind.of(SCRIPT)).isEqualTo(ModelKind.TORCHSCRIPT);
        try (TraceableModel<?> model = TraceableModel.open(SCRIPT, CPU)) {
            assertThat(model).isInstanceOf(TracedModule.class);
        }
    }

    @Test
    void aDirectoryWithAModelJsonAloneIsANet() throws IOException {
        Files.writeString(folder.resolve("model.json"), "{}");
        assertThat(ModelKind.of(folder)).isEqualTo(ModelKind.NET);
    }
}
