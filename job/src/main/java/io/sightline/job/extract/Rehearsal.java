package io.sightline.job.extract;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.graph.GraphException;
import io.sightline.graph.Place;
import io.sightline.interleave.Capture;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.Results;
import io.sightline.job.config.ConfigException;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import io.sightline.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the graph on a prompt or two before the job does: in batches of 3 and of 2, one token apart in length, so that the shapes tell which
 * dimensions are batch and sequence. What a job can't split by prompt is refused here.
 */
public final class Rehearsal {
    private static final int FIRST_ROWS = 3;
    private static final int SECOND_ROWS = 2;

    private final LoadedModel model;
    private final Interleaver interleaver;
    private final List<CaptureTargets.Target> targets;
    private final List<SavedValue> saved;
    private final boolean keepLastLogits;

    public Rehearsal(
            LoadedModel model,
            JobGraph graph,
            List<CaptureTargets.Target> targets,
            List<SavedValue> saved,
            boolean keepLastLogits) {
        this.model = model;
        this.interleaver = Interleaver.forBatches(graph.trace(), model.runnable());
        this.targets = targets;
        this.saved = saved;
        this.keepLastLogits = keepLastLogits;
    }

    /** What came out: captures and values with their shapes known, and things the user should be told. */
    public record Outcome(List<ResolvedCapture> captures, List<SavedValue> values, List<String> warnings) {}

    /**
     * @param candidates prompts to try with, best first; the graph may fail on some prompts, but not on all of these
     * @throws ConfigException if a capture or a saved value can't be split by prompt
     * @throws GraphException if the graph fails on every candidate
     */
    public Outcome run(List<TokenizedPrompt> candidates, Set<Place> indexedByZero) {
        RuntimeException first = null;
        for (TokenizedPrompt candidate : candidates) {
            try {
                List<String> warnings = new ArrayList<>();
                Shapes three = observed(candidate, FIRST_ROWS, indexedByZero, warnings);
                Shapes two = orThree(candidate, three);
                return new Outcome(captures(three, two), values(three, two), warnings);
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

    /** A graph may well need the token that the second batch lacks. */
    private Shapes orThree(TokenizedPrompt candidate, Shapes three) {
        try {
            return observed(shorter(candidate), SECOND_ROWS, Set.of(), new ArrayList<>());
        } catch (GraphException | TorchException | IllegalStateException e) {
            return three;
        }
    }

    private static TokenizedPrompt shorter(TokenizedPrompt prompt) {
        long[][] ids = Arrays.stream(prompt.ids())
                .map(row -> row.length > 1 ? Arrays.copyOf(row, row.length - 1) : row)
                .toArray(long[][]::new);
        return new TokenizedPrompt(0, prompt.id(), prompt.text(), ids, null, prompt.captured(), prompt.kept());
    }

    /** Shapes by capture and by node; null where there was no tensor. */
    private record Shapes(
            int rows, int invokes, int width, Map<Integer, long[]> captured, Map<String, long @Nullable []> saved) {}

    private Shapes observed(TokenizedPrompt prompt, int rows, Set<Place> indexedByZero, List<String> warnings) {
        BatchRows batch = BatchRows.of(Collections.nCopies(rows, prompt));
        Map<Integer, long[]> captured = new HashMap<>();
        List<Capture> captures = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            int target = i;
            captures.add(
                    new Capture(targets.get(i).place(), (value, call) -> captured.putIfAbsent(target, value.shape())));
        }
        List<HookHandle> hooks = watch(indexedByZero, warnings);
        try (Scope scope = Scope.open();
                TokenBatch tokens = TokenBatch.leftPadded(batch.ids(), model.padId(), model.device());
                Results results = interleaver.run(BatchRunner.prepared(batch, tokens, keepLastLogits), captures)) {
            Map<String, long @Nullable []> values = new HashMap<>();
            for (SavedValue value : saved) {
                Object result = results.get(value.graph(), value.node());
                values.put(value.node(), result instanceof Tensor tensor ? tensor.shape() : null);
            }
            return new Shapes(rows, batch.invokes(), batch.width(), captured, values);
        } finally {
            hooks.forEach(HookHandle::close);
        }
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
                                + " the batch; leave the [0] away unless you mean that");
                    }
                    return output;
                }));
            }
        }
        return hooks;
    }

    // ---- captures

    private List<ResolvedCapture> captures(Shapes three, Shapes two) {
        List<ResolvedCapture> captures = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            captures.add(capture(
                    targets.get(i),
                    three.captured().get(i),
                    three,
                    two.captured().get(i),
                    two));
        }
        return captures;
    }

    private static ResolvedCapture capture(
            CaptureTargets.Target target, long @Nullable [] shape, Shapes three, long @Nullable [] other, Shapes two) {
        if (shape == null || other == null) {
            throw new ConfigException("capture '" + target.capture().name()
                    + "': the forward pass does not call module '" + target.module() + "', so it has no "
                    + target.place().port());
        }
        int batch = three.rows() * three.invokes();
        int otherBatch = two.rows() * two.invokes();
        if (fits(shape, batch, three.width()) && fits(other, otherBatch, two.width())) {
            return target.resolved(ResolvedCapture.Layout.BATCH_SEQ, numbers(shape, 2));
        }
        if (shape.length > 0
                && shape[0] == (long) batch * three.width()
                && other[0] == (long) otherBatch * two.width()) {
            return target.resolved(ResolvedCapture.Layout.FLAT, numbers(shape, 1));
        }
        if (shape.length > 0
                && shape[0] == batch
                && other[0] == otherBatch
                && Arrays.equals(shape, 1, shape.length, other, 1, other.length)) {
            return target.resolved(ResolvedCapture.Layout.BATCH, numbers(shape, 1));
        }
        throw new ConfigException("capture '" + target.capture().name() + "': the "
                + target.place().port() + " of module '"
                + target.module() + "' has shape " + symbols(shape, batch, three.width())
                + ", which can't be split into rows by prompt and token; expected [batch, seq, …]");
    }

    private static boolean fits(long[] shape, int batch, int width) {
        return shape.length >= 2 && shape[0] == batch && shape[1] == width;
    }

    private static int numbers(long[] shape, int from) {
        long numbers = 1;
        for (int i = from; i < shape.length; i++) {
            numbers *= shape[i];
        }
        return Math.toIntExact(numbers);
    }

    private static String symbols(long[] shape, int batch, int width) {
        return Arrays.toString(Arrays.stream(shape)
                .mapToObj(size -> size == batch ? "batch" : size == width ? "seq" : Long.toString(size))
                .toArray());
    }

    // ---- values

    private List<SavedValue> values(Shapes three, Shapes two) {
        List<SavedValue> values = new ArrayList<>();
        for (SavedValue value : saved) {
            long[] shape = three.saved().get(value.node());
            long[] other = two.saved().get(value.node());
            if (shape == null
                    || other == null
                    || shape.length == 0
                    || shape[0] != three.rows()
                    || other[0] != two.rows()) {
                throw new ConfigException(
                        "graph: the saved node '" + value.node() + "' is "
                                + (shape == null
                                        ? "no tensor"
                                        : "a tensor of shape " + symbols(shape, three.rows(), three.width()))
                                + "; a job splits saved values by prompt, so they must be tensors with the batch first, [batch, …]");
            }
            values.add(new SavedValue(
                    value.graph(),
                    value.node(),
                    value.name(),
                    value.step(),
                    value.invoke(),
                    sequence(shape, three, other, two)));
        }
        return values;
    }

    /** A dimension that grows with the batch's width is one of tokens. */
    private static int[] sequence(long[] shape, Shapes three, long[] other, Shapes two) {
        int[] sequence = new int[shape.length - 1];
        for (int i = 0; i < sequence.length; i++) {
            long grown = shape[i + 1] - (i + 1 < other.length ? other[i + 1] : 0);
            boolean tokens =
                    three == two ? shape[i + 1] == three.width() : grown != 0 && grown == three.width() - two.width();
            sequence[i] = tokens ? Math.toIntExact(shape[i + 1] - three.width()) : SavedValue.FIXED;
        }
        return sequence;
    }
}
