package io.sightline.job.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job, as its YAML file and the {@code --set} settings say.
 *
 * <p>Relative paths in it are relative to the working directory, not to the file.
 *
 * @param source the file's text, verbatim
 * @param overrides the {@code --set} settings
 * @param settings every setting by its path ({@code capture[0].module}), overrides applied, defaults not
 * @param graph path of the intervention graph's JSON, or null
 * @param values the name in the values table for a saved node; others keep their own
 * @param errorLimit bad prompts that are tolerated; null is any number
 */
public record JobFile(
        String source,
        Map<String, String> overrides,
        Map<String, String> settings,
        String name,
        ModelSource model,
        PromptSource prompts,
        @Nullable String graph,
        List<CaptureRequest> captures,
        BatchLimits batch,
        ChunkLimits chunk,
        Map<String, String> values,
        @Nullable Integer errorLimit,
        OutputTarget output) {
    public JobFile {
        captures = List.copyOf(captures);
    }
}
