package io.sightline.job.sql.query;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** A value in a table's cell: on one line, numbers within vectors to four digits (never fewer than before the point), what is long shortened with its length said. */
final class CellText {
    private static final int LONGEST_TEXT = 100;
    private static final int LONGEST_LIST = 8;
    private static final int SHOWN_OF_A_LONG_LIST = 3;
    private static final int SHOWN_BYTES = 8;
    private static final int DIGITS = 4;

    private CellText() {}

    static String of(@Nullable Object value) {
        return value instanceof Double || value instanceof Float ? value.toString() : nested(value);
    }

    private static String nested(@Nullable Object value) {
        if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        }
        if (value instanceof Seq<?> elements) {
            return list(JavaConverters.seqAsJavaList(elements));
        }
        if (value instanceof scala.collection.Map<?, ?> entries) {
            return map(JavaConverters.mapAsJavaMap(entries));
        }
        if (value instanceof Row row) {
            return struct(row);
        }
        if (value == null) {
            return "NULL";
        }
        return value instanceof byte[] bytes ? bytes(bytes) : text(value.toString());
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal exact = new BigDecimal(value);
        double magnitude = Math.abs(value);
        if (magnitude != 0 && (magnitude < 1e-3 || magnitude >= 1e7)) {
            return exact.round(new MathContext(DIGITS)).stripTrailingZeros().toString();
        }
        int whole = exact.precision() - exact.scale();
        return exact.round(new MathContext(Math.max(DIGITS, whole)))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String list(List<?> elements) {
        boolean isLong = elements.size() > LONGEST_LIST;
        String shown = elements.stream()
                .limit(isLong ? SHOWN_OF_A_LONG_LIST : LONGEST_LIST)
                .map(CellText::nested)
                .collect(Collectors.joining(", "));
        return isLong ? "[%s, … %d values]".formatted(shown, elements.size()) : "[" + shown + "]";
    }

    private static String map(Map<?, ?> entries) {
        List<String> shown = new ArrayList<>();
        entries.forEach((key, value) -> shown.add(nested(key) + ": " + nested(value)));
        return "{" + list(shown).replaceAll("^\\[|]$", "") + "}";
    }

    private static String struct(Row row) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            String name = row.schema() == null ? "" : row.schema().apply(i).name() + ": ";
            shown.add(name + nested(row.get(i)));
        }
        return "{" + String.join(", ", shown) + "}";
    }

    private static String bytes(byte[] bytes) {
        int shown = Math.min(bytes.length, SHOWN_BYTES);
        String hex = "0x" + HexFormat.of().formatHex(bytes, 0, shown);
        return bytes.length > shown ? "%s… %d bytes".formatted(hex, bytes.length) : hex;
    }

    /** Control characters are written out: a token may be a newline, and a prompt may hold a terminal's escape codes. */
    private static String text(String text) {
        boolean isLong = text.codePointCount(0, text.length()) > LONGEST_TEXT;
        String shown = isLong ? text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "…" : text;
        return whole(shown);
    }

    /** A text in full, on one line. */
    static String whole(String text) {
        return text.codePoints().mapToObj(CellText::visible).collect(Collectors.joining());
    }

    private static String visible(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                Character.isISOControl(codePoint) ? "\\u%04x".formatted(codePoint) : Character.toString(codePoint);
        };
    }
}
