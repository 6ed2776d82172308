package io.sightline.job.report;

import io.sightline.job.table.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A manifest as labels and texts, for the head of the page. */
final class RunFacts {
    private final List<Map.Entry<String, String>> facts = new ArrayList<>();

    private RunFacts() {}

    static List<Map.Entry<String, String>> of(String location, Manifest manifest) {
        RunFacts all = new RunFacts();
        all.add("run directory", location);
        all.add("status", manifest.status().name().toLowerCase(Locale.ROOT));
        all.counts(manifest.counts());
        all.timings(manifest.timings());
        all.add(
                "device, dtype, attention",
                manifest.environment().device() + ", " + manifest.environment().dtype() + ", "
                        + manifest.environment().attention());
        all.add("chunks", String.format(Locale.ROOT, "%,d", manifest.plan().chunks()));
        new TreeMap<>(manifest.identity().parts()).forEach((part, hash) -> all.add(part, hash));
        if (!manifest.overrides().isEmpty()) {
            all.add("overrides", new TreeMap<>(manifest.overrides()).toString());
        }
        all.add(
                "versions",
                new TreeMap<>(manifest.versions())
                        .toString()
                        .replaceAll("[{}]", "")
                        .replace("=", " "));
        return all.facts;
    }

    private void counts(Manifest.@Nullable Counts counts) {
        if (counts != null) {
            add("prompts", String.format(Locale.ROOT, "%,d, and %,d errors", counts.prompts(), counts.errors()));
            add("tokens", String.format(Locale.ROOT, "%,d", counts.tokens()));
            add(
                    "rows",
                    String.format(
                            Locale.ROOT,
                            "%,d activations, %,d values, %,d bytes in all",
                            counts.activations(),
                            counts.values(),
                            counts.bytes()));
        }
    }

    private void timings(Manifest.@Nullable Timings timings) {
        if (timings != null) {
            add(
                    "time",
                    String.format(
                            Locale.ROOT,
                            "%.1f s from %s, %,.0f tokens/s",
                            timings.seconds(),
                            timings.startedAt(),
                            timings.tokensPerSecond()));
        }
    }

    private void add(String label, String text) {
        facts.add(Map.entry(label, text));
    }
}
