package io.sightline.job.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A settings file's text as one mapping; a key that is given twice is refused. */
public final class YamlText {
    static final ObjectMapper MAPPER =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private YamlText() {}

    /**
     * @param what the file's name in messages, such as {@code "job file"}
     * @param keys the keys that it should have, for the message when it is no mapping
     * @throws ConfigException if it is no YAML, or no mapping
     */
    public static ObjectNode mapping(String yaml, String what, String keys) {
        try {
            if (MAPPER.readTree(yaml) instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException("the " + what + " should be a mapping with the keys " + keys);
        } catch (JsonProcessingException e) {
            throw new ConfigException("the " + what + " is no valid YAML" + line(e) + ": " + problem(e), e);
        }
    }

    /** Where SnakeYAML found the problem, which its message says last; the parser itself may be a line behind. */
    private static String line(JsonProcessingException e) {
        Matcher places = Pattern.compile("line (\\d+), column").matcher(String.valueOf(e.getOriginalMessage()));
        String line =
                e.getLocation() == null ? "" : Integer.toString(e.getLocation().getLineNr());
        while (places.find()) {
            line = places.group(1);
        }
        return line.isEmpty() ? "" : " (line " + line + ")";
    }

    /** SnakeYAML's message has its context, the problem, and for each its place and a snippet; where it stands is said already. */
    private static String problem(JsonProcessingException e) {
        List<String> said = String.valueOf(e.getOriginalMessage())
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.startsWith("in ") && !text.startsWith("at ["))
                .toList();
        List<String> problems = said.stream()
                .filter(text -> text.matches("(found|expected|could not|mapping|duplicate|Duplicate).*"))
                .toList();
        String problem = problems.isEmpty() ? said.isEmpty() ? "" : said.get(0) : problems.get(problems.size() - 1);
        return problem.replace("(Do not use \\t(TAB) for indentation)", "(a tab; YAML is indented with spaces)");
    }
}
