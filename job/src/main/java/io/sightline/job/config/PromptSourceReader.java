package io.sightline.job.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code prompts}. */
final class PromptSourceReader {
    private static final Map<String, String> FORMAT_BY_EXTENSION = Map.of(
            "json", "json", "jsonl", "json", "ndjson", "json", "csv", "csv", "tsv", "csv", "txt", "text", "parquet",
            "parquet", "orc", "orc");

    private PromptSourceReader() {}

    static PromptSource read(Section section) {
        String format = format(section);
        PromptSource prompts = new PromptSource(
                format,
                location(section, format),
                section.mapping("options", "options of Spark's reader"),
                text(section, format),
                section.optionalText("input_ids", "a column of token ids"),
                section.optionalText("id", "a column"),
                section.texts("keep", "columns to carry into the prompts table"),
                section.choice("prepend_bos", "auto", "true", "false"),
                section.optionalInteger("max_length", 1),
                PromptSource.TooLong.valueOf(section.choice("too_long", "error", "truncate_left", "truncate_right")
                        .toUpperCase(Locale.ROOT)));
        section.finish();
        requireOneKindOfInput(section, prompts);
        return prompts;
    }

    private static String format(Section section) {
        String given = section.optionalText(
                "format", "a Spark reader's name (json, csv, text, parquet, orc, …), table or sql");
        if (given != null) {
            return given.equals("jsonl") ? "json" : given;
        }
        if (section.has("table") || section.has("sql")) {
            return section.has("table") ? "table" : "sql";
        }
        String path = section.optionalText("path", "a file or directory of prompts");
        String format = path == null ? null : FORMAT_BY_EXTENSION.get(extension(path));
        if (format == null) {
            throw section.wrong("format", "a Spark reader's name (json, csv, text, parquet, orc, …), table or sql");
        }
        return format;
    }

    private static String extension(String path) {
        String name = path.replaceFirst("\\.(gz|bz2|zst|lz4|snappy)$", "");
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** {@code path}; for tables and queries {@code table} and {@code sql} say it better and are read first. */
    private static String location(Section section, String format) {
        @Nullable String table = section.optionalText("table", "a table's name");
        @Nullable String sql = section.optionalText("sql", "a query");
        @Nullable String path = section.optionalText("path", "a file or directory of prompts");
        String location = format.equals("table") ? table : format.equals("sql") ? sql : path;
        if (location == null) {
            location = path;
        }
        if (location == null) {
            throw section.wrong(
                    format.equals("table") || format.equals("sql") ? format : "path", "where the prompts are");
        }
        return location;
    }

    private static List<String> text(Section section, String format) {
        List<String> text = section.texts("text", "a text column, or a list of them");
        return text.isEmpty() && !section.has("input_ids") && format.equals("text") ? List.of("value") : text;
    }

    private static void requireOneKindOfInput(Section section, PromptSource prompts) {
        if (prompts.text().isEmpty() == (prompts.inputIds() == null)) {
            throw new ConfigException(
                    section.pathOf("text") + ": give either text (a column, or a list of columns) or input_ids"
                            + (prompts.inputIds() == null ? "" : ", not both"));
        }
        if (new HashSet<>(prompts.keep()).size() < prompts.keep().size()) {
            throw section.wrong("keep", "each column once");
        }
        Map<String, String> options = new TreeMap<>(prompts.options());
        if (options.containsKey("path")) {
            throw new ConfigException(section.pathOf("options.path") + ": say it as " + section.pathOf("path"));
        }
    }
}
