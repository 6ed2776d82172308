package io.sightline.job.table.write;

import java.util.Map;

/** How much a {@link ChunkWriter} held at some moment; of use to that writer only. */
public final class ChunkMark {
    private final Map<ActivationGroup, Integer> runs;
    private final int values;
    private final int prompts;
    private final int errors;

    ChunkMark(Map<ActivationGroup, Integer> runs, int values, int prompts, int errors) {
        this.runs = runs;
        this.values = values;
        this.prompts = prompts;
        this.errors = errors;
    }

    Map<ActivationGroup, Integer> runs() {
        return runs;
    }

    int values() {
        return values;
    }

    int prompts() {
        return prompts;
    }

    int errors() {
        return errors;
    }
}
