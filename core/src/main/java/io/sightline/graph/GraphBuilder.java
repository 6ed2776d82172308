package io.sightline.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records one graph, node by node, with the names that nnsight gives: a graph built here from a Java program and one traced by nnsight from
 * the same Python program are equal but for their ids.
 *
 * <p>Not thread-safe.
 */
public final class GraphBuilder {
    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final boolean sequential;
    private final List<Entry> entries = new ArrayList<>();
    private final NodeNames names = new NodeNames();
    private final OpenConditions conditions = new OpenConditions();
    private int backwardPasses;

    /** An inner block may still get nodes when its session goes on, so that its operation is made last. */
    private record Entry(
            String name,
            Supplier<Operation> operation,
            @Nullable String condition) {}

    private GraphBuilder(boolean sequential) {
        this.sequential = sequential;
    }

    /** A graph whose nodes run as their values arrive: a trace's. */
    public static GraphBuilder dataDriven() {
        return new GraphBuilder(false);
    }

    /** A graph whose nodes run in order: a session's or a loop's. */
    public static GraphBuilder inOrder() {
        return new GraphBuilder(true);
    }

    /** A trace's graph that begins with {@code nodes}, such as an edit's, under the names that they have. */
    public static GraphBuilder dataDriven(List<Node> nodes) {
        GraphBuilder builder = dataDriven();
        for (Node node : nodes) {
            builder.names.skip(node.operation());
            builder.entries.add(new Entry(node.name(), node::operation, node.condition()));
        }
        return builder;
    }

    public long id() {
        return id;
    }

    public boolean isSequential() {
        return sequential;
    }

    /** Adds a node whose references name nodes of this graph. */
    public RecordedNode add(Operation operation) {
        return add(operation, () -> operation);
    }

    /** Adds the node that runs an inner block, which is built when this graph is. */
    public RecordedNode addExecute(Supplier<Block> block) {
        Supplier<Operation> operation = () -> new Operation.Execute(block.get());
        // The name and the condition depend on the kind alone.
        return add(new Operation.Execute(new Block.Session(new Graph(id, true, List.of()))), operation);
    }

    private RecordedNode add(Operation kind, Supplier<Operation> operation) {
        String name = names.next(kind);
        entries.add(new Entry(name, operation, conditions.conditionOf(name, kind)));
        return new RecordedNode(this, name);
    }

    /** Adds a Conditional; nodes added until {@link #closeCondition} run only where {@code condition} is true. */
    public RecordedNode openCondition(Value condition) {
        RecordedNode node = add(new Operation.Conditional(condition));
        conditions.open(node.name());
        return node;
    }

    public void closeCondition() {
        conditions.close();
    }

    /** How many backward passes were recorded so far, which is the number of the next one. */
    public int backwardPasses() {
        return backwardPasses;
    }

    public void countBackwardPass() {
        backwardPasses++;
    }

    /** The nodes so far. */
    public Graph build() {
        return new Graph(
                id,
                sequential,
                entries.stream()
                        .map(entry -> new Node(entry.name(), entry.operation().get(), entry.condition()))
                        .toList());
    }
}
