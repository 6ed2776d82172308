package io.sightline.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import io.sightline.graph.WireReader;
import io.sightline.interleave.Capture;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.PreparedBatch;
import io.sightline.interleave.Results;
import io.sightline.token.Tokenizer;
import io.sightline.trace.LanguageModel;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code generate MODEL_DIR (--prompt TEXT | --input-ids 1,2,3)}. */
@Command(
        name = "generate",
        description =
                "Continues a prompt, greedily unless sampling is asked for, with a graph's interventions if given.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL_DIR", description = "A Hugging Face checkpoint of a causal language model.")
    private Path directory;

    @ArgGroup(multiplicity = "1")
    private Prompt prompt;

    @Option(
            names = "--graph",
            paramLabel = "FILE",
            description = "A trace in nnsight's wire format; its own inputs are replaced by the prompt.")
    private @Nullable Path graph;

    @Option(names = "--format", defaultValue = "text", paramLabel = "FORMAT", description = "text or json.")
    private Format format;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private ModelOptions options;

    enum Format {
        TEXT,
        JSON
    }

    /** Text or ids. */
    private static final class Prompt {
        @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to continue.")
        private @Nullable String text;

        @Option(names = "--input-ids", split = ",", paramLabel = "IDS", description = "Token ids to continue: 1,2,3.")
        private long @Nullable [] ids;

        long[] ids(LanguageModel model) {
            if (text == null) {
                return ids == null ? new long[0] : ids;
            }
            long[] encoded = model.tokenizer().encode(text).ids();
            if (encoded.length == 0) {
                throw new UsageException("the prompt has no tokens; give some text, or --input-ids");
            }
            return encoded;
        }
    }

    @Override
    public Integer call() {
        if (!Files.isDirectory(directory)) {
            throw new UsageException("no such directory: " + directory);
        }
        Block.Trace trace = trace();
        try (LanguageModel model = LanguageModel.open(directory, options.load())) {
            long[] inputIds = prompt.ids(model);
            long[] outputIds = generate(model, trace, inputIds);
            print(inputIds, outputIds);
        }
        return 0;
    }

    /** The graph, or an empty one, with the command line's arguments over its own. */
    private Block.Trace trace() {
        Block block = graph == null
                ? new Block.Trace(
                        Map.of("max_new_tokens", new Value.IntValue(20)), List.of(), new Graph(0, false, List.of()))
                : WireReader.read(graph);
        if (!(block instanceof Block.Trace given)) {
            throw new UsageException(
                    graph + " is a session or a loop, which brings its own inputs; run it with 'sightline trace'");
        }
        Map<String, Value> keywords = new LinkedHashMap<>();
        keywords.put("max_new_tokens", new Value.IntValue(20));
        keywords.putAll(given.kwargs());
        keywords.put("generate", Value.Constant.TRUE);
        keywords.putAll(sampling.keywords());
        return new Block.Trace(keywords, given.invokerInputs(), given.graph());
    }

    private static long[] generate(LanguageModel model, Block.Trace trace, long[] ids) {
        long[][] generated = new long[1][];
        try (Scope scope = Scope.open()) {
            PreparedBatch batch = model.prepare(List.of(Map.of("input_ids", Tensor.of(ids, 1, ids.length))));
            Capture capture =
                    new Capture(Place.output("generator"), (value, call) -> generated[0] = value.toLongArray());
            try (Results results = Interleaver.forBatches(trace, model).run(batch, List.of(capture))) {
                if (generated[0] == null) {
                    throw new IllegalStateException("the graph stopped the run before the generation ended");
                }
                return generated[0];
            }
        }
    }

    private void print(long[] inputIds, long[] outputIds) {
        PrintWriter out = spec.commandLine().getOut();
        String text = text(outputIds);
        if (format == Format.TEXT) {
            out.println(
                    text != null
                            ? text
                            : String.join(
                                    ",",
                                    LongStream.of(outputIds)
                                            .mapToObj(Long::toString)
                                            .toList()));
        } else {
            ObjectNode json = new ObjectMapper().createObjectNode();
            LongStream.of(inputIds).forEach(json.putArray("input_ids")::add);
            LongStream.of(outputIds).forEach(json.putArray("output_ids")::add);
            json.put("text", text);
            out.println(json);
        }
        out.flush();
    }

    /** The whole sequence as text, special tokens included; null where the checkpoint has no tokenizer. */
    private @Nullable String text(long[] ids) {
        if (!Tokenizer.isPresent(directory)) {
            return null;
        }
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            return tokenizer.decode(ids);
        }
    }
}
