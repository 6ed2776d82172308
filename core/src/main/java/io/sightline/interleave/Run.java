package io.sightline.interleave;

import io.sightline.engine.Tensor;
import io.sightline.graph.GraphException;
import io.sightline.interleave.function.RunContext;
import io.sightline.intervene.BatchEdits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a request: its values, the latest execution of each of its graphs, and what functions may ask for. */
final class Run implements RunContext, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    /** Graphs that call each other's hooks this deep are refused rather than left to overflow the stack. */
    private static final int DEEPEST = 100;

    final Heap heap = new Heap();
    final RunnableModel model;
    final List<Capture> captures;
    final BatchEdits edits;
    final Backward backward = new Backward();
    private final Consumer<String> printer;
    private final Map<Long, Execution> executions = new HashMap<>();
    private boolean reshaped;
    private boolean retyped;
    private final Set<String> warned = new HashSet<>();
    private int openLoops;
    private int depth;
    private long clock;

    Run(RunnableModel model, List<Capture> captures, BatchEdits edits, Consumer<String> printer) {
        this.model = model;
        this.captures = captures;
        this.edits = edits;
        this.printer = printer;
    }

    /** A fresh execution of a graph, which replaces the one before. */
    Execution start(Plan plan) {
        Execution before = executions.get(plan.graph().id());
        if (before != null) {
            before.discard();
        }
        Execution execution = new Execution(plan, this);
        executions.put(plan.graph().id(), execution);
        return execution;
    }

    /** The latest execution of a graph, or null if it never ran. */
    @Nullable
    Execution execution(long graphId) {
        return executions.get(graphId);
    }

    /** The graph has set a place to another value. */
    void set(@Nullable Object before, @Nullable Object now) {
        reshaped |= !Tree.shapes(before).equals(Tree.shapes(now));
        retyped |= !Tree.dtypes(before).equals(Tree.dtypes(now));
    }

    /** Whether the model went on with a value that is of another shape than its own was. */
    boolean isReshaped() {
        return reshaped;
    }

    /** Whether the model went on with a value that is of another dtype than its own was. */
    boolean isRetyped() {
        return retyped;
    }

    /** Says what users should know, once a run. */
    void warnOnce(String warning) {
        if (warned.add(warning)) {
            LOG.warn(warning);
        }
    }

    void openLoop() {
        openLoops++;
    }

    void closeLoop() {
        openLoops--;
    }

    /** Whether what runs now runs again in a later iteration, and needs its bridged values then. */
    boolean isRepeating() {
        return openLoops > 0;
    }

    /** Numbers the values in the order in which they arrive. */
    long tick() {
        return ++clock;
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw new GraphException("nodes run modules inside modules more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }

    @Override
    public void print(String line) {
        printer.accept(line);
    }

    @Override
    public void backward(Tensor tensor, @Nullable Tensor gradient) {
        backward.run(tensor, gradient);
    }

    @Override
    public void gather(Tensor parameter) {
        backward.gather(parameter);
    }

    @Override
    public @Nullable Tensor gathered(Tensor parameter) {
        return backward.gathered(parameter);
    }

    @Override
    public void forgetGathered(Tensor parameter) {
        backward.forget(parameter);
    }

    @Override
    public void inserted(Object container, @Nullable Object item) {
        heap.inserted(container, item);
    }

    @Override
    public void removed(Object container, @Nullable Object item) {
        heap.removed(container, item);
    }

    @Override
    public void close() {
        backward.close();
        heap.close();
    }
}
