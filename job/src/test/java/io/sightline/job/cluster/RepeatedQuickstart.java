package io.sightline.job.cluster;

import io.sightline.fixtures.Fixtures;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The quickstart's job on its 1,200 prompts several times over, each with an id of its own; those longer than 15 tokens are bad prompts.
 *
 * @param prompts the file of all prompts
 * @param count how many those are
 */
record RepeatedQuickstart(Path prompts, int count, int rowsPerChunk) {
    static RepeatedQuickstart write(Path directory, int times, int rowsPerChunk) throws IOException {
        List<String> once = Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"));
        Path file = directory.resolve("prompts.jsonl");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < times; i++) {
                for (String line : once) {
                    writer.write(line.replaceFirst("\"id\": \"", "\"id\": \"" + i + "-"));
                    writer.newLine();
                }
            }
        }
        return new RepeatedQuickstart(file, times * once.size(), rowsPerChunk);
    }

    /** {@code run …} into {@code output}, with the model at {@code scheme}, such as {@code file:}. */
    List<String> arguments(String modelScheme, String output, String... more) {
        Path conf = Fixtures.repositoryPath("conf/quickstart");
        List<String> arguments =
                new ArrayList<>(List.of("run", conf.resolve("job.yaml").toString()));
        for (String setting : List.of(
                "model.path=" + modelScheme + conf.resolve("model"),
                "prompts.path=" + prompts,
                "prompts.max_length=15",
                "graph=" + conf.resolve("graph.json"),
                "chunk.rows=" + rowsPerChunk,
                "output.path=" + output)) {
            arguments.add("--set");
            arguments.add(setting);
        }
        arguments.addAll(List.of(more));
        return arguments;
    }
}
