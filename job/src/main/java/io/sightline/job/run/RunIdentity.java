package io.sightline.job.run;

import io.sightline.job.config.JobFile;
import io.sightline.job.input.ChunkPlan;
import io.sightline.job.table.Manifest;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What makes two runs the same run: contents by hash, and every setting that rows depend on. */
final class RunIdentity {
    /** Where things are and how they are stored does not matter: what they contain is hashed. */
    private static final Pattern NOT_PART_OF_IDENTITY = Pattern.compile(
            "name|graph|output\\..*|errors\\..*|model\\.(path|dtype)|prompts\\.(path|format|table|sql|options\\..*)");

    private RunIdentity() {}

    static Manifest.Identity of(Preparation preparation, ChunkPlan plan) {
        JobFile job = preparation.job();
        Map<String, String> parts = new TreeMap<>();
        job.settings().forEach((key, value) -> {
            if (!NOT_PART_OF_IDENTITY.matcher(key).matches()) {
                parts.put(key, value);
            }
        });
        if (job.output().format().equals("iceberg")) {
            parts.put("format", "iceberg");
        }
        parts.put("dtype", preparation.model().dtype().shortName());
        parts.put("graph", preparation.graph().hash());
        parts.put("model", preparation.spec().modelHash());
        parts.put("tokenizer", preparation.spec().tokenizerHash());
        parts.put("prompts", plan.promptsHash());
        parts.put("plan", plan.hash());
        return new Manifest.Identity(parts);
    }
}
