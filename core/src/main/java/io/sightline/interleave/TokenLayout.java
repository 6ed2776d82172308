package io.sightline.interleave;

import io.sightline.graph.Place;
import io.sightline.graph.Port;
import io.sightline.graph.Value;
import io.sightline.nn.Embedding;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's value has its tokens, as far as it is known without running.
 *
 * @param place the place that a value of kind PLACE is of
 * @param path the items taken of it so far
 * @param receiver what a METHOD was taken off, or what is in a PAIR
 * @param name the METHOD's
 * @param hasFeatures whether a TOKENS tensor has a dimension behind its tokens, {@code [batch, tokens, …]}, or may be {@code [batch, tokens]}
 */
record TokenLayout(
        Kind kind,
        @Nullable Place place,
        List<Object> path,
        @Nullable TokenLayout receiver,
        String name,
        boolean hasFeatures) {
    static final TokenLayout NO_TOKENS = new TokenLayout(Kind.NO_TOKENS, null, List.of(), null, "", false);
    static final TokenLayout UNKNOWN = new TokenLayout(Kind.UNKNOWN, null, List.of(), null, "", false);
    static final TokenLayout CONTAINER = new TokenLayout(Kind.CONTAINER, null, List.of(), null, "", false);
    static final TokenLayout TOKENS = new TokenLayout(Kind.TOKENS, null, List.of(), null, "", true);

    private static final Set<String> HIDDEN = Set.of("hidden_states", "last_hidden_state", "logits");
    private static final Set<String> DICT_METHODS = Set.of("get", "keys", "items", "update", "setdefault");
    private static final Set<String> COMBINE =
            Set.of("add", "concat", "setattr", "tuple", "list", "dict", "print", "update");
    private static final Set<String> LEAVES =
            Set.of("Linear", "Conv1D", "LayerNorm", "Dropout", "Identity", "Embedding");

    enum Kind {
        /** Nothing in it depends on how many pads there are. */
        NO_TOKENS,
        /** The value of a place, or an item of it. */
        PLACE,
        /** {@code [batch, tokens, …]} */
        TOKENS,
        /** A tuple of a TOKENS tensor and another one like it: values and indices. */
        PAIR,
        CONTAINER,
        METHOD,
        UNKNOWN
    }

    static TokenLayout ofPlace(Place place) {
        return new TokenLayout(Kind.PLACE, place, List.of(), null, "", false);
    }

    static TokenLayout method(TokenLayout receiver, String name) {
        return new TokenLayout(Kind.METHOD, null, List.of(), receiver, name, false);
    }

    static TokenLayout pair(TokenLayout tokens) {
        return new TokenLayout(Kind.PAIR, null, List.of(), tokens, "", false);
    }

    TokenLayout withoutFeatures() {
        return new TokenLayout(kind, place, path, receiver, name, false);
    }

    static boolean isDictMethod(String name) {
        return DICT_METHODS.contains(name);
    }

    static boolean combinesContainers(String function) {
        return COMBINE.contains(function);
    }

    /** Whether it can only be a container here: arguments, or one made by the graph. */
    boolean isContainer() {
        return kind == Kind.CONTAINER || kind == Kind.PLACE && port() == Port.INPUT && path.size() < 2;
    }

    /** Whether it may have entries by name. */
    boolean isPlaceWithFields() {
        return kind == Kind.PLACE && (port() == Port.OUTPUT ? path.isEmpty() : path.equals(List.of(1L)));
    }

    /** Whether an index takes an item of a tuple or an entry of a dict that a module gave. */
    boolean takesEntry(Value index) {
        return kind == Kind.PLACE
                && path.isEmpty()
                && (index instanceof Value.IntValue || index instanceof Value.StringValue);
    }

    private Port port() {
        return Objects.requireNonNull(place).port();
    }

    TokenLayout entry(Object key) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(key);
        return new TokenLayout(Kind.PLACE, place, longer, null, "", false);
    }

    /** {@code container[index]} */
    TokenLayout item(Value index) {
        if (kind == Kind.PAIR) {
            return index instanceof Value.IntValue ? Objects.requireNonNull(receiver) : UNKNOWN;
        } else if (kind == Kind.PLACE && index instanceof Value.IntValue number) {
            return entry(number.value());
        } else if (kind == Kind.PLACE && index instanceof Value.StringValue text) {
            return entry(text.value());
        }
        return index instanceof Value.SliceValue ? CONTAINER : UNKNOWN;
    }

    /** A place's value as the tensor that it is used as. */
    TokenLayout asTensor(Module root) {
        if (kind != Kind.PLACE) {
            return kind == Kind.METHOD ? UNKNOWN : this;
        }
        Place at = Objects.requireNonNull(place);
        if (isAmongExperts(at.path(), root)) {
            return UNKNOWN;
        }
        boolean takesIds = at.path().isEmpty() || Modules.find(root, at.path()) instanceof Embedding;
        boolean first =
                at.port() == Port.OUTPUT ? path.isEmpty() || path.equals(List.of(0L)) : path.equals(List.of(0L, 0L));
        if (first && at.path().equals("generator") || first && takesIds && at.port() == Port.INPUT) {
            return TOKENS.withoutFeatures();
        }
        boolean named = path.size() == (at.port() == Port.OUTPUT ? 1 : 2) && HIDDEN.contains(path.get(path.size() - 1));
        return first || named ? TOKENS : UNKNOWN;
    }

    /** Inside a mixture of experts tokens and rows are one dimension. */
    private static boolean isAmongExperts(String path, Module root) {
        int dot = path.lastIndexOf('.');
        while (dot > 0) {
            if (Modules.find(root, path.substring(0, dot)).namedChildren().containsKey("experts")) {
                return true;
            }
            dot = path.lastIndexOf('.', dot - 1);
        }
        return false;
    }

    static boolean treatsTokensAlike(Module module) {
        String type = module.className();
        return LEAVES.contains(type)
                || type.endsWith("Norm")
                || type.endsWith("MLP") && !module.namedChildren().containsKey("experts")
                || type.endsWith("GELUActivation")
                || type.endsWith("Activation")
                || type.equals("SiLU")
                || type.equals("ReLU");
    }
}
