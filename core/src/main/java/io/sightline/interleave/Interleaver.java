package io.sightline.interleave;

import io.sightline.engine.GradMode;
import io.sightline.engine.Scope;
import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.intervene.BatchEdits;
import io.sightline.python.SizeMismatch;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs one graph, or a session of them, against a model. Making one checks the whole graph; running it checks nothing again, so one
 * interleaver serves many batches and threads, each run on its own thread.
 *
 * <pre>{@code
 * Interleaver interleaver = Interleaver.of(WireReader.read(file), model);
 * try (Results results = interleaver.run()) {
 *     Tensor hidden = results.tensor("139702", "getitem_0");
 * }
 * }</pre>
 */
public final class Interleaver {
    private final Plan plan;
    private final RunnableModel model;
    private final Consumer<String> printer;
    private final boolean differentiates;

    /** For a plan that was checked already. */
    Interleaver(Plan plan, RunnableModel model, Consumer<String> printer) {
        this.plan = plan;
        this.model = model;
        this.printer = printer;
        this.differentiates = Differentiation.isIn(plan);
    }

    /** Prints of the graph ({@code tracer.log}) go to standard output. */
    public static Interleaver of(Block block, RunnableModel model) {
        return of(block, model, System.out::println);
    }

    /**
     * Checks a graph and makes it ready to run.
     *
     * @param printer takes each line that the graph prints
     * @throws GraphException naming the node that is wrong: unknown functions, modules and attributes, references that lead nowhere or in a
     *     circle, places set from later ones, gradients that no backward pass gives, and, where the model can run {@linkplain
     *     RunnableModel#withoutData without data}, shapes that don't fit
     */
    public static Interleaver of(Block block, RunnableModel model, Consumer<String> printer) {
        Plan plan = checked(block, model);
        ShapeCheck.check(plan, model);
        return new Interleaver(plan, model, printer);
    }

    /**
     * Checks a trace that will run on given batches only: as {@link #of(Block, RunnableModel)}, but for the shapes, which are those of its own
     * inputs.
     *
     * @throws GraphException naming the node that is wrong
     */
    public static Interleaver forBatches(Block.Trace trace, RunnableModel model) {
        return new Interleaver(checked(trace, model), model, System.out::println);
    }

    private static Plan checked(Block block, RunnableModel model) {
        Plan plan = Planner.plan(block);
        Validation.check(plan, model);
        return plan;
    }

    /** What the graph asks of a batch's padding so that each prompt gets what it gets alone; a session's is that it can't be told. */
    public PaddingNeeds padding() {
        return PaddingCheck.of(plan, model.module());
    }

    /** Runs with the request's own inputs. */
    public Results run() {
        try {
            return run(List.of(), BatchEdits.NONE, runner -> runner.run(plan));
        } catch (GraphException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new GraphException(failure(e), e);
        }
    }

    /**
     * Runs a trace on a batch in place of its own inputs.
     *
     * @throws GraphException if this is a session, or the batch has fewer invokes than the graph uses
     */
    public Results run(PreparedBatch batch, List<Capture> captures) {
        return run(batch, captures, BatchEdits.NONE);
    }

    /**
     * As {@link #run(PreparedBatch, List)}, with interventions of the rows. At each place the graph's nodes come first, then the interventions, which see
     * what the nodes set, then the captures, which see both.
     *
     * @param edits of as many rows as the batch has, or of none
     */
    public Results run(PreparedBatch batch, List<Capture> captures, BatchEdits edits) {
        if (!edits.rows().isEmpty() && edits.rows().size() != batch.rows()) {
            throw new IllegalArgumentException(
                    "interventions of " + edits.rows().size() + " rows for a batch of " + batch.rows());
        }
        if (!(plan.block() instanceof Block.Trace trace)) {
            throw new GraphException("a session brings its own inputs; only a trace can be run on a given batch");
        }
        return run(
                captures,
                edits,
                runner ->
                        runner.trace(plan, batch, new Resolver(name -> null, model.device()).resolve(trace.kwargs())));
    }

    /** Runs with the request's own inputs, for what fails on the way alone. */
    void rehearse() {
        run(List.of(), BatchEdits.NONE, runner -> runner.run(plan), run -> {});
    }

    private Results run(List<Capture> captures, BatchEdits edits, Consumer<BlockRunner> body) {
        Results[] results = new Results[1];
        run(captures, edits, body, run -> results[0] = Results.of(plan, run));
        return Objects.requireNonNull(results[0]);
    }

    private void run(List<Capture> captures, BatchEdits edits, Consumer<BlockRunner> body, Consumer<Run> atEnd) {
        try (Scope scope = Scope.open();
                GradMode mode = differentiates ? GradMode.enable() : GradMode.disable();
                AutoCloseableQuietly sources = differentiates ? GradientSources.open(model.module())::close : () -> {};
                Run run = new Run(model, captures, edits, printer)) {
            try {
                body.accept(new BlockRunner(run));
            } catch (EarlyStopSignal stop) {
                // A session's own exit().
            } catch (PlaceHooks.CaptureFailure e) {
                throw e.thrown();
            } catch (GraphException e) {
                throw e;
            } catch (StackOverflowError e) {
                throw new GraphException("values are nested too deep", e);
            } catch (RuntimeException e) {
                throw plan.nodes().isEmpty() ? e : modelFailed(run, e);
            }
            atEnd.accept(run);
        }
    }

    private String failure(RuntimeException e) {
        return "the model failed while graph " + plan.graph().id() + " ran: " + e.getMessage();
    }

    /** What the model itself threw: most likely at a value that the graph put there. */
    private GraphException modelFailed(Run run, RuntimeException e) {
        String places = plan.withAllInside().stream()
                .flatMap(part -> Describe.placesSet(part).stream())
                .distinct()
                .collect(Collectors.joining(", "));
        boolean isAboutDtype = run.isRetyped() && !run.isReshaped();
        return new GraphException(
                failure(e)
                        + (places.isEmpty()
                                ? ""
                                : "; does what it sets have the " + (isAboutDtype ? "dtype" : "shape")
                                        + " of what was there? It sets " + places
                                        + (isAboutDtype ? "; to(…) with the place's own dtype converts a value" : "")),
                run.isReshaped() || run.isRetyped() ? new SizeMismatch(e.getMessage(), e) : e);
    }

    private interface AutoCloseableQuietly extends AutoCloseable {
        @Override
        void close();
    }
}
