package io.sightline.job.cli;

import io.sightline.checkpoint.safetensors.SafetensorsWriter;
import io.sightline.graph.Block;
import io.sightline.graph.WireReader;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.Results;
import io.sightline.interleave.ResultsWriter;
import io.sightline.interleave.RunnableModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trace MODEL_DIR --graph FILE.json [--out FILE.safetensors]}. */
@Command(
        name = "trace",
        description = {
            "Runs intervention graphs in nnsight's wire format, in this process, and writes the saved values.",
            "With a directory for --graph (and --out), every *.json directly in it is run; one that fails does not stop the others."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TraceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL_DIR",
            description = "A Hugging Face checkpoint, a directory with a model.json, or a TorchScript file.")
    private Path directory;

    @Option(
            names = "--graph",
            required = true,
            paramLabel = "FILE|DIR",
            description = "The request, or its object, as JSON.")
    private Path graph;

    @Option(
            names = "--out",
            paramLabel = "FILE|DIR",
            description =
                    "Where the tensors go, as <graph id>/<node>; a .json beside it has the structure and what is unset.")
    private @Nullable Path output;

    @Option(
            names = "--attach",
            paramLabel = "PATH[=CHILD,…]",
            description =
                    "Mounts a module that passes its input through (by named children), as the graph was traced with.")
    private List<String> attachments = List.of();

    @Mixin
    private ModelOptions options;

    @Override
    public Integer call() throws IOException {
        List<GraphFiles> files = GraphFiles.of(graph, output);
        List<Attachment> extra = attachments.stream().map(Attachment::parse).toList();
        try (OpenedModel opened = OpenedModel.open(directory, options.load())) {
            extra.forEach(attachment -> attachment.mountOn(opened.model().module()));
            if (!Files.isDirectory(graph)) {
                run(opened.model(), files.get(0));
                return 0;
            }
            return runAll(opened.model(), files);
        }
    }

    private int runAll(RunnableModel model, List<GraphFiles> files) {
        int failed = 0;
        for (GraphFiles each : files) {
            try {
                run(model, each);
            } catch (IOException | RuntimeException e) {
                failed++;
                PrintWriter err = spec.commandLine().getErr();
                err.println(each.name() + ": failed: " + e.getMessage());
                err.flush();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(files.size() + " graphs, " + failed + " failed");
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private void run(RunnableModel model, GraphFiles files) throws IOException {
        Path tensors = files.output();
        if (tensors != null) {
            // What an earlier run left must not pass for the result of one that fails.
            Files.deleteIfExists(tensors);
            Files.deleteIfExists(GraphFiles.structure(tensors));
        }
        PrintWriter out = spec.commandLine().getOut();
        Block block = WireReader.read(files.graph());
        try (Results results = Interleaver.of(block, model, out::println).run()) {
            ResultsWriter written = ResultsWriter.of(results);
            if (tensors != null) {
                Files.createDirectories(tensors.toAbsolutePath().getParent());
                SafetensorsWriter.write(tensors, written.tensors());
                Files.writeString(GraphFiles.structure(tensors), written.json());
            }
            out.println(TraceSummary.of(files, results, written));
            out.flush();
        }
    }
}
