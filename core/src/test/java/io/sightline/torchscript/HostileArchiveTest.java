package io.sightline.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that are damaged or mean harm are refused with a message, and nothing of theirs runs. */
class HostileArchiveTest {
    private static final Path GOOD = Fixtures.repositoryPath("core/src/test/resources/torchscript/scripted.pt");

    @TempDir
    private Path folder;

    private final long before = Torch.liveTensors();

    @AfterEach
    void nothingIsLeftAlive() {
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private static Map<String, byte[]> parts() throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(GOOD.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                parts.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return parts;
    }

    private Path archive(Map<String, byte[]> parts) throws IOException {
        Path file = folder.resolve("model.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
            }
        }
        return file;
    }

    private void assertRefused(Map<String, byte[]> parts, String message) throws IOException {
        Path file = archive(parts);
        assertThatThrownBy(() -> ScriptedModel.open(file, Device.CPU).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.pt")
                .hasMessageContaining(message);
    }

    private static byte[] pickle(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x80, 2});
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }

    private void assertPickleRefused(String pickle, String message) throws IOException {
        Map<String, byte[]> parts = parts();
        parts.put("scripted/data.pkl", pickle(pickle));
        assertRefused(parts, message);
    }

    @Test
    void aPickleThatCallsPythonIsRefused() throws IOException {
        assertPickleRefused("cos\nsystem\nX\4\0\0\0exit\u0085R.", "asks for 'os.system', which is not part");
        assertPickleRefused("cbuiltins\neval\n)\u0081.", "asks for 'builtins.eval'");
        assertPickleRefused("c__torch__\nNothing\n)\u0081}b.", "__torch__.Nothing, which its code does not define");
        assertPickleRefused("i__torch__\nNet\n.", "pickle opcode 0x69");
    }

    @Test
    void aDamagedPickleIsRefused() throws IOException {
        assertPickleRefused("X\u00ff\u00ff\u00ff\u007fab.", "no valid pickle near byte");
        assertPickleRefused("tttt.", "no valid pickle");
        assertPickleRefused("h\7.", "refers to value 7, which it does not have");
        assertPickleRefused("N.", "data.pkl holds no module");
        assertPickleRefused("}}Ns.", "has the key {}");
    }

    @Test
    void aModuleThatHoldsItselfIsRefused() throws IOException {
        assertPickleRefused("c__torch__\nBranching\n)\u0081q\0}X\3\0\0\0embh\0sb.", "a module holds itself");
    }

    @Test
    void aTreeThatUnfoldsEndlesslyIsRefused() throws IOException {
        StringBuilder pickle = new StringBuilder("c__torch__\nBranching\n)\u0081}bq\0");
        for (int level = 1; level < 60; level++) {
            char below = (char) (level - 1);
            pickle.append("c__torch__\nBranching\n)\u0081}X\1\0\0\0ah").append(below);
            pickle.append("sX\1\0\0\0bh").append(below).append("sbq").append((char) level);
        }
        assertPickleRefused(pickle + ".", "more than 100000 paths");
    }

    @Test
    void atensorOutsideItsStorageIsRefused() throws IOException {
        Map<String, byte[]> parts = parts();
        parts.put("scripted/data/0", new byte[4]);
        assertRefused(parts, "data/0 has 4 bytes, too few for");
        parts.remove("scripted/data/0");
        assertRefused(parts, "lacks its part data/0");
        String storage = "((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + "1X\3\0\0\0cpuK\4tQ";
        String tensor = "ctorch._utils\n_rebuild_tensor_v2\n" + storage + "K\2K\3\u0085K\1\u0085\u0089NtR";
        assertPickleRefused(
                "c__torch__\nBranching\n)\u0081}X\1\0\0\0w" + tensor + "sb.", "reaches outside its storage of 4");
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.pt"), "no zip");
        assertThatThrownBy(() -> ScriptedModel.open(text, Device.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text.pt is not a TorchScript archive (it is not a zip file)");
        Map<String, byte[]> weights = parts();
        weights.remove("scripted/constants.pkl");
        assertRefused(weights, "holds weights (torch.save), not a TorchScript module");
        weights.remove("scripted/data.pkl");
        assertRefused(weights, "it holds no data.pkl");
    }

    @Test
    void codeThatReachesOutOfTheProcessIsNotRun() throws IOException {
        assertCodeRefused("torch.save(ids, \"/tmp/x\")", "torch.save, which is never run");
        assertCodeRefused("torch.from_file(\"/etc/passwd\", False, 10)", "torch.from_file, which is never run");
        assertCodeRefused("ops.evil.run(ids)", "ops.evil.run, which is not run here");
        assertCodeRefused("open(\"/etc/passwd\")", "'open', which is not run here");
        assertCodeRefused("self.emb = ids", "an assignment to something else than a variable");
        assertCodeRefused("(self).forward(ids)", "called more than 100 calls deep");
        assertCodeRefused("(".repeat(5000) + "ids" + ")".repeat(5000), "more than 100 levels of nesting");
    }

    private void assertCodeRefused(String statement, String message) throws IOException {
        Map<String, byte[]> parts = parts();
        parts.put(
                "scripted/code/__torch__.py",
                (new String(parts.get("scripted/code/__torch__.py"), StandardCharsets.UTF_8))
                        .replaceFirst("\n    emb = self.emb\n", "\n    " + statement + "\n    emb = self.emb\n")
                        .getBytes(StandardCharsets.UTF_8));
        try (ScriptedModel model = ScriptedModel.open(archive(parts), Device.CPU);
                Scope scope = Scope.open()) {
            Tensor ids = Tensor.of(new long[] {1, 2}, 1, 2);
            assertThatThrownBy(() -> model.module().call(ids))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void bytesTurnedAtRandomNeverCrash() throws IOException {
        Random random = new Random(7);
        byte[] good = parts().get("scripted/data.pkl");
        for (int i = 0; i < 300; i++) {
            Map<String, byte[]> parts = parts();
            byte[] bad = good.clone();
            for (int flips = 0; flips < 4; flips++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            parts.put("scripted/data.pkl", bad);
            try (ScriptedModel model = ScriptedModel.open(archive(parts), Device.CPU)) {
                assertThat(model.tensors()).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("model.pt");
            }
        }
    }
}
