package io.sightline.checkpoint.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.engine.DType;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TensorBytes;
import io.sightline.files.UnfinishedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes tensors of any dtype, device and size to a file, a part of one tensor at a time. */
public final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ELEMENTS_AT_ONCE = 1 << 22;

    private SafetensorsWriter() {}

    /**
     * Writes {@code tensors} by name. The file appears complete or not at all: it is written beside its place and moved there. An older
     * file of that name is replaced.
     *
     * @throws IllegalArgumentException if the format has no name for a tensor's dtype, or a tensor is named {@code __metadata__}
     */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
        // Wide elements first keeps every tensor aligned to its element size.
        ordered.sort(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()));
        byte[] header = header(ordered);
        try (UnfinishedFile unfinished = UnfinishedFile.of(file)) {
            try (FileChannel channel = FileChannel.open(unfinished.path(), StandardOpenOption.WRITE)) {
                writeAll(
                        channel,
                        ByteBuffer.allocate(Long.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(header.length)
                                .flip());
                writeAll(channel, ByteBuffer.wrap(header));
                for (Map.Entry<String, Tensor> entry : ordered) {
                    writeData(channel, entry.getValue());
                }
            }
            unfinished.finish();
        }
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> ordered) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long at = 0;
        for (Map.Entry<String, Tensor> entry : ordered) {
            Tensor tensor = entry.getValue();
            if (header.has(entry.getKey())) {
                throw new IllegalArgumentException("no tensor may be named '" + entry.getKey() + "' in safetensors");
            }
            ObjectNode about = header.putObject(entry.getKey()).put("dtype", dtypeName(entry.getKey(), tensor.dtype()));
            for (long size : tensor.shape()) {
                about.withArray("shape").add(size);
            }
            about.withArray("shape");
            about.putArray("data_offsets")
                    .add(at)
                    .add(at += tensor.elements() * tensor.dtype().bytes());
        }
        byte[] json = JSON.writeValueAsBytes(header);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static String dtypeName(String name, DType dtype) {
        return DTypeNames.name(dtype)
                .orElseThrow(() -> new IllegalArgumentException("tensor '" + name + "' has dtype " + dtype
                        + ", which safetensors has no name for; it knows " + DTypeNames.known()));
    }

    private static void writeData(FileChannel channel, Tensor tensor) throws IOException {
        long elements = tensor.elements();
        try (Scope scope = Scope.open()) {
            Tensor flat = tensor.reshape(-1);
            for (long start = 0; start < elements; start += ELEMENTS_AT_ONCE) {
                try (Scope part = Scope.open()) {
                    long count = Math.min(ELEMENTS_AT_ONCE, elements - start);
                    writeAll(channel, ByteBuffer.wrap(TensorBytes.of(flat.narrow(0, start, count))));
                }
            }
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
