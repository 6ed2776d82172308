package io.sightline.job.cli;

import io.sightline.checkpoint.safetensors.SafetensorsWriter;
import io.sightline.files.UnfinishedFile;
import io.sightline.graph.Block;
import io.sightline.graph.WireReader;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.Results;
import io.sightline.interleave.ResultsWriter;
import io.sightline.interleave.RunnableModel;
import io.sightline.trace.TraceableModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    private @Nullable String output;

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
        GraphFiles.requireApart(files, directory);
        Path first = files.get(0).output();
        if (first != null) {
            FileProblems.checkWritable("--out", first.toAbsolutePath().getParent());
        }
        List<Attachment> extra = attachments.stream().map(Attachment::parse).toList();
        if (!Files.exists(directory)) {
            throw new UsageException("no such model: " + directory);
        }
        try (TraceableModel<?> model = TraceableModel.open(directory, options.load())) {
            extra.forEach(attachment -> attachment.mountOn(model.module()));
            if (!Files.isDirectory(graph)) {
                run(model, files.get(0));
                return 0;
            }
            return runAll(model, files);
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
                err.println(each.name() + ": failed: " + Main.message(e) + stale(each));
                err.flush();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(files.size() + " graphs, " + failed + " failed");
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    /** What an earlier run left must not pass for the result of one that fails. */
    private static String stale(GraphFiles files) {
        Path tensors = files.output();
        return tensors != null && Files.exists(tensors) ? " (" + tensors + " is of an earlier run)" : "";
    }

    private void run(RunnableModel model, GraphFiles files) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Block block = WireReader.read(files.graph());
        try (Results results = Interleaver.of(block, model, out::println).run()) {
            ResultsWriter written = ResultsWriter.of(results);
            if (files.output() != null) {
                write(files.output(), written);
            }
            out.println(TraceSummary.of(files, results, written));
            out.flush();
            if (results.values().values().stream().allMatch(Map::isEmpty)
                    && results.unset().values().stream().allMatch(List::isEmpty)) {
                warn(files.name()
                        + ": the graph saves nothing, so there is nothing to see; call .save() on what you want");
            }
        }
    }

    /** Both files or, if either can't be written, neither. */
    private static void write(Path tensors, ResultsWriter written) throws IOException {
        Files.createDirectories(tensors.toAbsolutePath().getParent());
        try (UnfinishedFile structure = UnfinishedFile.of(GraphFiles.structure(tensors))) {
            Files.writeString(structure.path(), written.json());
            SafetensorsWriter.write(tensors, written.tensors());
            structure.finish();
        }
    }

    private void warn(String warning) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sightline: warning: " + warning);
        err.flush();
    }
}
