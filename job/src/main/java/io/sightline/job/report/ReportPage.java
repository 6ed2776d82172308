package io.sightline.job.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.commons.text.StringSubstitutor;

/** The HTML of a report: template, script, chart library and data in one text, with nothing to load from elsewhere. */
final class ReportPage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

    private ReportPage() {}

    /**
     * @param title plain text
     * @param facts what was run: labels and plain texts, in order
     */
    static String html(String title, List<Map.Entry<String, String>> facts, List<Figure> figures) {
        StringBuilder rows = new StringBuilder();
        facts.forEach(fact -> rows.append("<tr><th scope=\"row\">")
                .append(StringEscapeUtils.escapeHtml4(fact.getKey()))
                .append("</th><td>")
                .append(StringEscapeUtils.escapeHtml4(fact.getValue()))
                .append("</td></tr>\n"));
        return new StringSubstitutor(
                        Map.of(
                                "title", StringEscapeUtils.escapeHtml4(title),
                                "facts", rows.toString(),
                                "echarts", resource(ECHARTS),
                                "script", resource("report.js"),
                                "style", resource("report.css"),
                                "figures", json(figures)),
                        "@{",
                        "}")
                .setDisableSubstitutionInValues(true)
                .replace(resource("report.html"));
    }

    /** Inside a script element, so that no text of a prompt can end it. */
    private static String json(List<Figure> figures) {
        try {
            return JSON.writeValueAsString(figures)
                    .replace("<", "\\u003c")
                    .replace("\u2028", "\\u2028")
                    .replace("\u2029", "\\u2029");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks the resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
