package io.sightline.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads graphs in nnsight 0.3's wire format (its {@code schema/format/types.py}): the request {@code {"object": "<JSON text>", "model_key": …}} as
 * well as the bare object, a TRACER or a SESSION.
 *
 * <p>Reading only builds data. A file is refused, by a {@link GraphException} that says where, when it is not such JSON, holds NaN or
 * Infinity (JSON has neither; {@code builtins.float} of {@code "-inf"} makes one inside a graph), is nested deeper than 200, has more
 * than 100 000 nodes or 512 MB of text, or names a node twice.
 */
public final class WireReader {
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(WireLimits.DEPTH)
                    .maxStringLength(WireLimits.CHARACTERS)
                    .build())
            .build();

    private WireReader() {}

    /** Reads a graph file, UTF-8. */
    public static Block read(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes > WireLimits.CHARACTERS) {
                throw new GraphException(
                        file + " has " + bytes + " bytes; a graph file may have " + WireLimits.CHARACTERS);
            }
            return read(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new GraphException(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the graph file " + file, e);
        }
    }

    /**
     * Reads a request or its object.
     *
     * @throws GraphException if it is not one, or is beyond the limits
     */
    public static Block read(String json) {
        return parse(json, WireReader::outermost);
    }

    /** The {@code model_key} of a request; empty if there is none. */
    public static String modelKey(String json) {
        return parse(json, parser -> {
            String key = "";
            for (JsonToken token = parser.nextToken(); token == JsonToken.FIELD_NAME; token = parser.nextToken()) {
                boolean wanted = parser.currentName().equals("model_key");
                parser.nextToken();
                if (wanted && parser.currentToken() == JsonToken.VALUE_STRING) {
                    key = parser.getText();
                }
                parser.skipChildren();
            }
            return key;
        });
    }

    private static Block outermost(JsonParser parser) throws IOException {
        WireObjects objects = new WireObjects(parser);
        Object read = objects.object(parser.currentToken());
        if (read instanceof WireObjects.Request request) {
            return request.block();
        } else if (read instanceof Block block) {
            return block;
        }
        throw new GraphException("expected a request, a TRACER or a SESSION at the top of a graph file, found "
                + WireObjects.describe(read));
    }

    interface Parse<T> {
        T from(JsonParser parser) throws IOException;
    }

    static <T> T parse(String json, Parse<T> parse) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new GraphException("a graph file holds one JSON object; this one starts otherwise");
            }
            T result = parse.from(parser);
            if (parser.nextToken() != null) {
                throw new GraphException("a graph file holds one JSON object; more follows after it, at "
                        + place(parser.currentLocation()));
            }
            return result;
        } catch (JsonProcessingException e) {
            throw new GraphException("no valid graph JSON: " + reason(e) + ", at " + place(e.getLocation()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reason(JsonProcessingException e) {
        String text = e.getOriginalMessage();
        if (text.startsWith("Non-standard token")) {
            return text.substring(0, text.indexOf(':'))
                    + ": JSON has no NaN and no Infinity; make one in the graph with builtins.float('nan') or ('-inf')";
        }
        return text;
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null
                ? "an unknown place"
                : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
