package io.sightline.job.extract;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import io.sightline.graph.WireReader;
import io.sightline.job.config.ConfigException;
import io.sightline.job.input.Sha256;
import io.sightline.job.model.LoadedModel;
import io.sightline.spelling.Nearest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The job's intervention graph: one trace, whose own invoker inputs are replaced by the batch. Without a file it is an empty graph.
 *
 * @param json on the wire; null where there is no file
 */
public record JobGraph(@Nullable String json, Block.Trace trace) {
    public static final JobGraph NONE =
            new JobGraph(null, new Block.Trace(Map.of(), List.of(), new Graph(0, false, List.of())));

    /** @throws ConfigException if there is no such file, or it does not hold a single trace */
    public static JobGraph read(@Nullable String location, Configuration hadoop) {
        if (location == null) {
            return NONE;
        }
        Path path = new Path(location);
        try (var in = path.getFileSystem(hadoop).open(path)) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            throw new ConfigException("graph: no such file: " + absolute(path), e);
        } catch (GraphException e) {
            throw new ConfigException("graph: " + location + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ConfigException("graph: cannot read " + location + ": " + e.getMessage(), e);
        }
    }

    private static String absolute(Path path) {
        return path.isAbsolute()
                ? path.toString()
                : new Path(System.getProperty("user.dir"), path)
                        + " (relative paths in a job file start at the working directory)";
    }

    /** The graph on the wire, or the empty one. */
    public static JobGraph of(@Nullable String json) {
        if (json == null) {
            return NONE;
        }
        Block block = WireReader.read(json);
        if (!(block instanceof Block.Trace trace)) {
            throw new GraphException("it holds a session; a job runs one trace, so write the trace alone");
        }
        return new JobGraph(json, trace);
    }

    public String hash() {
        return json == null ? "none" : Sha256.of(json);
    }

    private String id() {
        return Long.toString(trace.graph().id());
    }

    /** @throws ConfigException unless there is a text column for each of the graph's invokes */
    public void checkInvokes(int columns) {
        int invokes = trace.invokerInputs().size();
        if (json != null && invokes != columns) {
            throw new ConfigException("graph: it has " + invokes
                    + " invokes, each of which takes the batch's rows of one text column, but prompts.text names "
                    + columns + "; name " + invokes + " (the same column may occur several times)");
        }
    }

    /** Whether it generates until each row has its end-of-text token: in a batch a row that ends early gets more steps than alone. */
    boolean stopsRowsByTheirTokens() {
        boolean neverEnds = trace.kwargs().get("eos_token_id") instanceof Value.ListValue ends
                && ends.items().isEmpty();
        return trace.kwargs().get("generate") == Value.Constant.TRUE && !neverEnds;
    }

    /** Places that the graph reads or sets. */
    public Set<Place> places() {
        Set<Place> places = new HashSet<>();
        for (Node node : trace.graph().nodes()) {
            if (node.operation() instanceof Operation.Intervention intervention) {
                places.add(intervention.place());
            }
        }
        return places;
    }

    /** Whether nothing reads logits before the last token: a causal model's head is a large part of a small model's work. */
    public boolean needsLastLogitsOnly(LoadedModel model, Collection<Place> captured) {
        Set<String> heads = new HashSet<>(Set.of("lm_head", "embed_out"));
        heads.retainAll(model.runnable().module().namedChildren().keySet());
        if (heads.isEmpty()) {
            return false;
        }
        heads.add("");
        return Stream.concat(places().stream(), captured.stream()).noneMatch(place -> heads.contains(place.path()));
    }

    /** Places whose output the graph indexes by {@code [0]} at once, as one does to take the first item of a tuple. */
    public Set<Place> placesIndexedByZero() {
        Map<String, Place> outputs = new HashMap<>();
        Set<Place> indexed = new LinkedHashSet<>();
        for (Node node : trace.graph().nodes()) {
            if (node.operation() instanceof Operation.Intervention intervention
                    && !intervention.place().port().toString().equals("input")) {
                outputs.put(node.name(), intervention.place());
            }
            if (node.operation() instanceof Operation.Call call
                    && call.function().equals("_operator.getitem")
                    && call.args().get(0) instanceof Value.NodeReference target
                    && outputs.containsKey(target.name())
                    && call.args().get(1).equals(new Value.IntValue(0))) {
                indexed.add(outputs.get(target.name()));
            }
        }
        return indexed;
    }

    /** The saved nodes, with the names that the values table gives them; without their shapes. */
    public List<SavedNode> saved(Map<String, String> names) {
        List<SavedNode> saved = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        Origins origins = new Origins();
        for (Node node : trace.graph().nodes()) {
            origins.include(node);
            if (node.operation() instanceof Operation.Lock lock && lock.node() instanceof Value.NodeReference target) {
                String name = names.getOrDefault(target.name(), target.name());
                if (saved.stream().noneMatch(one -> one.node().equals(target.name()))) {
                    if (!taken.add(name)) {
                        throw new ConfigException("values: two saved nodes would be named '" + name + "'");
                    }
                    saved.add(new SavedNode(
                            id(), target.name(), name, origins.step(target.name()), origins.invoke(target.name())));
                }
            }
        }
        checkKnown(names, saved);
        return saved;
    }

    private static void checkKnown(Map<String, String> names, List<SavedNode> saved) {
        List<String> nodes = saved.stream().map(SavedNode::node).toList();
        names.forEach((node, name) -> {
            if (!nodes.contains(node)) {
                throw new ConfigException("values." + name + ": the graph saves no node '" + node + "'"
                        + Nearest.hint(node, nodes) + " (it saves: " + String.join(", ", nodes)
                        + ")");
            }
        });
    }

    /** For each node, the generation steps and invokes of the places that its value comes from. */
    private static final class Origins {
        private final Map<String, Integer> steps = new HashMap<>();
        private final Map<String, Set<Integer>> invokes = new HashMap<>();

        void include(Node node) {
            Set<Integer> groups = new HashSet<>();
            int step = 0;
            if (node.operation() instanceof Operation.Intervention intervention) {
                groups.add(intervention.batchGroup());
                step = intervention.call();
            }
            for (String source : Operands.references(node.operation())) {
                groups.addAll(invokes.getOrDefault(source, Set.of()));
                step = Math.max(step, steps.getOrDefault(source, 0));
            }
            steps.put(node.name(), step);
            invokes.put(node.name(), groups);
        }

        int step(String node) {
            return steps.getOrDefault(node, 0);
        }

        int invoke(String node) {
            Set<Integer> groups = invokes.getOrDefault(node, Set.of());
            return groups.size() == 1 ? Math.max(-1, groups.iterator().next()) : -1;
        }
    }
}
