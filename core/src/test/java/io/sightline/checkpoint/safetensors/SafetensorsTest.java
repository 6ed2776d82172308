package io.sightline.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.DType;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TensorBytes;
import io.sightline.engine.Torch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private long before;
    private Scope scope;

    @BeforeEach
    void open() {
        before = Torch.liveTensors();
        scope = Scope.open();
    }

    @AfterEach
    void everythingIsFreed() {
        scope.close();
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void everyDtypeComesBackAsItWasWritten() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Tensor numbers = Tensor.of(new float[] {1, 0, 3, 2.5f, 5, 6}, 2, 3);
        for (DType dtype : DType.values()) {
            if (dtype != DType.COMPLEX128) {
                tensors.put(dtype.shortName(), numbers.to(dtype));
            }
        }
        tensors.put("a scalar", Tensor.scalar(7));
        tensors.put("nothing", Tensor.of(new float[0], 0, 4));
        tensors.put("a view", numbers.transpose(0, 1));
        Path file = folder.resolve("all.safetensors");
        SafetensorsWriter.write(file, tensors);

        SafetensorsFile read = SafetensorsFile.open(file);
        assertThat(read.entries().keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
        read.tensors(read.entries().keySet()).forEach((name, tensor) -> {
            assertThat(tensor.dtype()).isEqualTo(tensors.get(name).dtype());
            assertThat(tensor.shape()).isEqualTo(tensors.get(name).shape());
            assertThat(TensorBytes.of(tensor)).isEqualTo(TensorBytes.of(tensors.get(name)));
        });
        assertThat(read.metadata()).containsEntry("format", "pt");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aDtypeThatTheFormatLacksIsRefusedAndLeavesNoFile() {
        Tensor numbers = Tensor.of(new float[] {1}, 1).to(DType.COMPLEX128);
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("x.safetensors"), Map.of("z", numbers)))
                .hasMessageContaining("complex128");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTensorAtAnOddPlaceIsCopied() throws IOException {
        String header = "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"f\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[1,9]}}";
        ByteBuffer data = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 3).putFloat(1.5f).putFloat(-2);
        SafetensorsFile file = SafetensorsFile.open(write(header, data.array()));
        assertThat(file.tensor("f").toFloatArray()).containsExactly(1.5f, -2);
        assertThat(file.tensor("f").shape()).containsExactly(1, 2);
        assertThat(file.tensor("b").toLongArray()).containsExactly(3);
        assertThatThrownBy(() -> file.tensor("g")).hasMessageContaining("no tensor 'g'");
    }

    static Stream<Arguments> hostileHeaders() {
        String f = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        return Stream.of(
                Arguments.of("[]", "not a JSON object"),
                Arguments.of("{\"a\":" + f, "not the JSON"),
                Arguments.of("{\"a\":" + f + ",\"a\":" + f + "}", "Duplicate field 'a'"),
                Arguments.of("{\"a\":" + f + "} x", "not the JSON"),
                Arguments.of("{\"a\":" + f + "}{}", "follows"),
                Arguments.of("{\"a\":7}", "dtype ''"),
                Arguments.of("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", "'F8_E4M3'"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "takes 12 bytes"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "-2 in its shape"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "2.5 in its shape"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", "no list 'shape'"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
                        "impossible shape"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "[begin, end]"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "cut short"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}",
                        "data_offsets"),
                Arguments.of(
                        "{\"a\":" + f + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                        "'b' overlaps tensor 'a'"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "a hole"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "belong to no tensor"),
                Arguments.of("{\"a\":" + "[".repeat(5000) + "}", "nesting"));
    }

    @ParameterizedTest
    @MethodSource("hostileHeaders")
    void aHostileHeaderGetsOneClearMessage(String header, String message) throws IOException {
        Path file = write(header, new byte[8]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void aHeaderLengthThatCannotBeIsRefusedBeforeItIsRead() throws IOException {
        for (long length : new long[] {-1, Long.MIN_VALUE, 0, 1, 100_000_001L, 1L << 62}) {
            Path file = Files.write(folder.resolve("bad"), little(length, "{}      ".getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageContaining("which cannot be");
        }
        Path file = Files.write(folder.resolve("short"), little(99, new byte[50]));
        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageContaining("only 50 follow");
        Path empty = Files.write(folder.resolve("empty"), new byte[3]);
        assertThatThrownBy(() -> SafetensorsFile.open(empty)).hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none"))).hasMessageContaining("no such file");
    }

    private Path write(String header, byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(data);
        return Files.write(
                folder.resolve("x.safetensors"),
                little(header.getBytes(StandardCharsets.UTF_8).length, bytes.toByteArray()));
    }

    private static byte[] little(long length, byte[] rest) {
        return ByteBuffer.allocate(8 + rest.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(rest)
                .array();
    }
}
