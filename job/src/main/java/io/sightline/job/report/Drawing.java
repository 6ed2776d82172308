package io.sightline.job.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a figure's rows become marks; the strings are names of the query's columns. */
sealed interface Drawing {
    /** The name the page's script knows it by. */
    @com.fasterxml.jackson.annotation.JsonProperty
    String kind();

    /** The rows as they are. */
    record Table() implements Drawing {
        @Override
        public String kind() {
            return "table";
        }
    }

    /**
     * A line for each value of {@code series}.
     *
     * @param low lower end of the band around the line, or null for no band
     * @param high upper end of the band
     * @param references further columns, drawn dashed: what to compare with
     */
    record Lines(
            String x,
            String y,
            @Nullable String series,
            @Nullable String low,
            @Nullable String high,
            List<String> references)
            implements Drawing {
        @Override
        public String kind() {
            return "lines";
        }
    }

    /** A coloured cell for each row. */
    record HeatMap(String x, String y, String value) implements Drawing {
        @Override
        public String kind() {
            return "heatMap";
        }
    }
}
