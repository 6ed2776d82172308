package io.sightline.job.probe;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What the probes of one run need to know of its prompts; goes to every task.
 *
 * @param run the run's name
 * @param numbers each prompt's number, by {@code prompt_id}
 */
record RunLabels(String run, Map<String, Integer> numbers, PromptContents contents, List<Label> labels)
        implements Serializable {
    int prompts() {
        return numbers.size();
    }
}
