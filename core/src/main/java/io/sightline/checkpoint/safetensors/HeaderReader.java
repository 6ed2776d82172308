package io.sightline.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one file's header and refuses whatever does not describe exactly the bytes that follow it. */
final class HeaderReader {
    /** As the reference implementation has it; a header of this size describes a million tensors. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final Path file;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private HeaderReader(Path file) {
        this.file = file;
    }

    static SafetensorsFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "there is no such file");
        }
        HeaderReader reader = new HeaderReader(file);
        try (FileChannel channel = FileChannel.open(file)) {
            return reader.read(channel);
        } catch (JsonProcessingException e) {
            throw reader.wrong("its header is not the JSON that safetensors wants: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private SafetensorsFile read(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw wrong("it has " + size + " bytes, too few for a safetensors file");
        }
        long length = little(channel, Long.BYTES, 0).getLong();
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw wrong("its header claims " + Long.toUnsignedString(length) + " bytes, which cannot be (2 to "
                    + MAX_HEADER_BYTES + "); this is not a safetensors file, or it is corrupt");
        }
        if (length > size - Long.BYTES) {
            throw wrong("its header claims " + length + " bytes, but only " + (size - Long.BYTES)
                    + " follow; the file is cut short or corrupt");
        }
        long start = Long.BYTES + length;
        try (JsonParser parser = JSON.createParser(
                little(channel, Math.toIntExact(length), Long.BYTES).array())) {
            parse(parser, start, size - start);
        }
        checkNoOverlapAndNoHole(start, size);
        return new SafetensorsFile(file, size, entries, metadata);
    }

    private static ByteBuffer little(FileChannel channel, int bytes, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private void parse(JsonParser parser, long start, long dataBytes) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("its header is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            parser.nextToken();
            JsonNode value = JSON.readTree(parser);
            if (name.equals("__metadata__")) {
                value.fields()
                        .forEachRemaining(field ->
                                metadata.put(field.getKey(), field.getValue().asText()));
            } else {
                entries.put(name, entry(name, value, start, dataBytes));
            }
        }
        if (parser.nextToken() != null) {
            throw wrong("something follows the JSON object in its header");
        }
    }

    private TensorEntry entry(String name, JsonNode value, long start, long dataBytes) {
        String dtypeName = value.path("dtype").asText("");
        DType dtype = DTypeNames.dtype(dtypeName)
                .orElseThrow(() ->
                        wrong("tensor '" + name + "' has dtype '" + dtypeName + "'; known: " + DTypeNames.known()));
        List<Long> shape = naturals(name, "shape", value.path("shape"));
        List<Long> offsets = naturals(name, "data_offsets", value.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw wrong("tensor '" + name + "' has data_offsets " + offsets + "; expected [begin, end]");
        }
        if (offsets.get(1) > dataBytes) {
            throw wrong("tensor '" + name + "' ends at byte " + offsets.get(1) + " of the data, but there are only "
                    + dataBytes + "; the file is cut short or corrupt");
        }
        long bytes = offsets.get(1) - offsets.get(0);
        if (bytes != size(name, shape, dtype)) {
            throw wrong("tensor '" + name + "' of shape " + shape + " and dtype " + dtypeName + " takes "
                    + size(name, shape, dtype) + " bytes, but its data_offsets " + offsets + " span " + bytes);
        }
        return new TensorEntry(name, dtype, shape, start + offsets.get(0), bytes);
    }

    private List<Long> naturals(String name, String key, JsonNode value) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : value) {
            if (!number.canConvertToLong() || !number.isIntegralNumber() || number.asLong() < 0) {
                throw wrong("tensor '" + name + "' has " + number + " in its " + key);
            }
            numbers.add(number.asLong());
        }
        if (!value.isArray()) {
            throw wrong("tensor '" + name + "' has no list '" + key + "'");
        }
        return numbers;
    }

    private long size(String name, List<Long> shape, DType dtype) {
        long bytes = dtype.bytes();
        try {
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw wrong("tensor '" + name + "' has the impossible shape " + shape, e);
        }
    }

    private void checkNoOverlapAndNoHole(long start, long end) {
        List<TensorEntry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::bytes));
        long at = start;
        String before = "the header";
        for (TensorEntry entry : ordered) {
            if (entry.offset() != at) {
                throw wrong("tensor '" + entry.name() + "' "
                        + (entry.offset() < at ? "overlaps " : "leaves a hole after ") + before);
            }
            at += entry.bytes();
            before = "tensor '" + entry.name() + "'";
        }
        if (at != end) {
            throw wrong((end - at) + " bytes after " + before + " belong to no tensor");
        }
    }

    private CheckpointException wrong(String problem) {
        return new CheckpointException(file, problem);
    }

    private CheckpointException wrong(String problem, Throwable cause) {
        return new CheckpointException(file, problem, cause);
    }
}
