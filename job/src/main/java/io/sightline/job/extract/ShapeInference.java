package io.sightline.job.extract;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.graph.GraphException;
import io.sightline.graph.Place;
import io.sightline.interleave.Capture;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.PaddingNeeds;
import io.sightline.interleave.Results;
import io.sightline.job.extract.OutputRequest.Observed;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import io.sightline.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shapes of outputs by running the graph on one or two prompts: in a batch of 3, and in a batch of 2 that is one token shorter, so
 * that the shapes show which dimensions are batch and sequence.
 */
public final class ShapeInference {
    private static final int LARGE_BATCH = 3;
    private static final int SMALL_BATCH = 2;

    private final LoadedModel model;
    private final JobGraph graph;
    private final Interleaver interleaver;
    private final List<OutputRequest> requests;
    private final boolean keepLastLogits;

    /** @throws GraphException if the graph is refused */
    public ShapeInference(LoadedModel model, JobGraph graph, List<? extends OutputRequest> requests) {
        this.model = model;
        this.graph = graph;
        this.interleaver = Interleaver.forBatches(graph.trace(), model.runnable());
        this.requests = List.copyOf(requests);
        this.keepLastLogits = graph.needsLastLogitsOnly(
                model,
                requests.stream().flatMap(request -> request.place().stream()).toList());
    }

    /** The outputs in the requests' order, and what to warn the user of. */
    public record Inferred(List<Output> outputs, List<String> warnings) {}

    /**
     * @param candidates prompts to try, best first; the graph may fail on some prompts, but not on all of these
     * @param indexedByZero places whose output the graph indexes by {@code [0]}
     * @throws io.sightline.job.config.ConfigException if an output can't be split by prompt
     * @throws GraphException if the graph fails on every candidate
     */
    public Inferred infer(List<TokenizedPrompt> candidates, Set<Place> indexedByZero) {
        RuntimeException first = null;
        for (TokenizedPrompt candidate : candidates) {
            try {
                List<String> warnings = new ArrayList<>(batchNotices());
                List<Observed> large = observed(candidate, LARGE_BATCH, indexedByZero, warnings);
                List<Observed> small = smallBatch(candidate, large);
                List<Output> outputs = IntStream.range(0, requests.size())
                        .mapToObj(i -> requests.get(i).resolve(large.get(i), small.get(i)))
                        .toList();
                return new Inferred(outputs, warnings);
            } catch (GraphException | TorchException | IllegalStateException e) {
                first = first == null ? e : first;
            }
        }
        throw first instanceof GraphException refused
                ? refused
                : new GraphException(
                        "the graph fails on every prompt tried: " + (first == null ? "none" : first.getMessage()),
                        first);
    }

    /** What a job does about a graph that generates, or whose values may depend on padding, and how to have it otherwise. */
    private List<String> batchNotices() {
        if (graph.stopsRowsByTheirTokens()) {
            return List.of(
                    "graph: it generates, so that each prompt runs by itself: in a batch a prompt that ends early would go on until"
                            + " the last one ends; with eos_token_id=[] none ends early, and prompts share batches");
        }
        PaddingNeeds needs = interleaver.padding();
        return needs.isIndifferent()
                ? List.of()
                : List.of("graph: prompts of unlike lengths run in batches of their own, unpadded, since "
                        + needs.reason()
                        + "; a graph that takes all tokens, or counts them from the end, runs in fewer batches");
    }

    /** The large batch again where the graph fails on the small one: it may need the token that is missing there. */
    private List<Observed> smallBatch(TokenizedPrompt candidate, List<Observed> largeBatch) {
        try {
            return observed(shorter(candidate), SMALL_BATCH, Set.of(), new ArrayList<>());
        } catch (GraphException | TorchException | IllegalStateException e) {
            return largeBatch;
        }
    }

    private static TokenizedPrompt shorter(TokenizedPrompt prompt) {
        long[][] ids = Arrays.stream(prompt.ids())
                .map(row -> row.length > 1 ? Arrays.copyOf(row, row.length - 1) : row)
                .toArray(long[][]::new);
        return new TokenizedPrompt(0, prompt.id(), prompt.text(), ids, null, prompt.captured(), prompt.kept());
    }

    private List<Observed> observed(
            TokenizedPrompt prompt, int prompts, Set<Place> indexedByZero, List<String> warnings) {
        BatchRows batch = BatchRows.of(Collections.nCopies(prompts, prompt));
        long[] @Nullable [] shapes = new long[requests.size()] @Nullable [];
        List<HookHandle> hooks = watch(indexedByZero, warnings);
        try (Scope scope = Scope.open();
                TokenBatch tokens = TokenBatch.leftPadded(batch.ids(), model.padId(), model.device());
                Results results =
                        interleaver.run(ForwardPass.prepared(batch, tokens, keepLastLogits), captures(shapes))) {
            for (int i = 0; i < shapes.length; i++) {
                if (requests.get(i).value(results) instanceof Tensor tensor) {
                    shapes[i] = tensor.shape();
                }
            }
        } finally {
            hooks.forEach(HookHandle::close);
        }
        return Arrays.stream(shapes)
                .map(shape -> new Observed(prompts, batch.invokes(), batch.width(), shape))
                .toList();
    }

    private List<Capture> captures(long[] @Nullable [] shapes) {
        List<Capture> captures = new ArrayList<>();
        for (int i = 0; i < shapes.length; i++) {
            int request = i;
            Optional<Place> place = requests.get(i).place();
            place.ifPresent(at -> captures.add(new Capture(at, (value, call) -> {
                if (call == 0) {
                    shapes[request] = value.shape();
                }
            })));
        }
        return captures;
    }

    private List<HookHandle> watch(Set<Place> places, List<String> warnings) {
        List<HookHandle> hooks = new ArrayList<>();
        Map<String, Module> modules =
                places.isEmpty() ? Map.of() : model.runnable().module().namedModules();
        for (Place place : places) {
            Module module = modules.get(place.path());
            if (module != null) {
                hooks.add(module.registerForwardHook((self, args, output) -> {
                    if (output instanceof Tensor tensor && tensor.dimensions() > 2) {
                        warnings.add("graph: " + place
                                + " is a tensor in this model, [batch, seq, …], so that [0] takes the first prompt of"
                                + " the batch; leave out the [0] unless you mean that");
                    }
                    return output;
                }));
            }
        }
        return hooks;
    }
}
