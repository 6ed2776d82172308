package io.sightline.interleave;

import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.interleave.TokenLayout.Kind;
import io.sightline.interleave.function.Whitelist;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a graph's values depend on how its batch is padded. It says so unless it can show the opposite: every node has to be one that is known to
 * treat each token alike, or to take tokens counted from the end.
 */
final class PaddingCheck {
    private final Plan plan;
    private final Module root;
    private final Map<String, TokenLayout> layouts = new HashMap<>();
    private int shortest;

    private PaddingCheck(Plan plan, Module root) {
        this.plan = plan;
        this.root = root;
    }

    static PaddingNeeds of(Plan plan, Module root) {
        PaddingCheck check = new PaddingCheck(plan, root);
        String reason = null;
        boolean countsFromFront = false;
        for (int i = 0; i < plan.nodes().size(); i++) {
            TokenLayout layout = TokenLayout.UNKNOWN;
            try {
                layout = check.layout(i);
            } catch (PaddingMatters e) {
                if (reason == null || e.countsFromFront && !countsFromFront) {
                    reason = check.described(i, e);
                    countsFromFront = e.countsFromFront;
                }
            }
            check.layouts.put(plan.node(i).name(), layout);
        }
        return new PaddingNeeds(check.shortest, reason, countsFromFront);
    }

    /** A warning for a batch whose prompts have unlike lengths, where a graph counts tokens from its padded front. */
    static Optional<String> warning(Plan plan, Module root, PreparedBatch batch) {
        PaddingNeeds needs = of(plan, root);
        if (!needs.countsFromFront() || !batch.isPadded()) {
            return Optional.empty();
        }
        return Optional.of(needs.reason()
                + ": the prompts have unlike lengths and are padded on the left, so the same index is another token in each; "
                + "token[i] (in Java token(i), atToken(i)) counts a prompt's own tokens");
    }

    private String described(int number, PaddingMatters why) {
        List<String> places = plan.awaited(number).stream()
                .map(source -> Describe.place(plan, source))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .distinct()
                .toList();
        return plan.describe(number) + Describe.operation(plan.operation(number)) + " " + why.getMessage()
                + (places.isEmpty() ? "" : " of " + String.join(", ", places));
    }

    /** Thrown where a node's value may depend on padding. */
    static final class PaddingMatters extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final boolean countsFromFront;

        PaddingMatters(String why, boolean countsFromFront) {
            super(why, null, false, false);
            this.countsFromFront = countsFromFront;
        }

        PaddingMatters(String why) {
            this(why, false);
        }
    }

    /** The token that is counted {@code fromEnd} is read: shorter prompts have none. */
    void reads(long fromEnd) {
        shortest = (int) Math.max(shortest, Math.min(fromEnd, Integer.MAX_VALUE));
    }

    private TokenLayout layout(int number) {
        Operation operation = plan.operation(number);
        if (operation instanceof Operation.Intervention intervention) {
            return TokenLayout.ofPlace(intervention.place());
        } else if (operation instanceof Operation.Call call) {
            return called(call);
        } else if (operation instanceof Operation.ApplyModule apply) {
            return applied(apply);
        } else if (operation instanceof Operation.Grad grad) {
            return of(grad.node());
        } else if (operation instanceof Operation.Conditional conditional) {
            if (tensor(conditional.condition()).kind() != Kind.NO_TOKENS) {
                throw new PaddingMatters("is a condition on all tokens");
            }
            return TokenLayout.NO_TOKENS;
        } else if (operation instanceof Operation.Bridge
                || operation instanceof Operation.Execute
                || operation instanceof Operation.LoopItem) {
            throw new PaddingMatters("takes a value of another graph");
        }
        Operands.of(operation).forEach(this::of);
        return TokenLayout.NO_TOKENS;
    }

    /** What is known of a value: of a written one, that it has no tokens. */
    private TokenLayout of(Value value) {
        if (value instanceof Value.NodeReference reference) {
            return Objects.requireNonNull(layouts.get(reference.name()));
        }
        return Value.references(value).isEmpty() ? TokenLayout.NO_TOKENS : TokenLayout.CONTAINER;
    }

    /** As {@link #of}, of what is used as a tensor. */
    private TokenLayout tensor(Value value) {
        TokenLayout layout = of(value).asTensor(root);
        if (layout.kind() == Kind.UNKNOWN || layout.kind() == Kind.CONTAINER) {
            throw new PaddingMatters("uses a value whose tokens can't be told from its other dimensions");
        }
        return layout;
    }

    private TokenLayout applied(Operation.ApplyModule apply) {
        List<Value> values = Operands.of(apply);
        if (values.stream().allMatch(value -> of(value).kind() == Kind.NO_TOKENS)) {
            return TokenLayout.NO_TOKENS;
        }
        if (values.size() == 1 && TokenLayout.treatsTokensAlike(Modules.find(root, apply.path()))) {
            return tensor(values.get(0));
        }
        throw new PaddingMatters("runs a module on all tokens");
    }

    private TokenLayout called(Operation.Call call) {
        List<Value> args = new ArrayList<>(call.args());
        String name = call.function().substring(call.function().lastIndexOf('.') + 1);
        if (call.function().equals(Whitelist.FETCH_ATTR)) {
            return attribute(of(args.get(0)), ((Value.StringValue) args.get(1)).value());
        } else if (call.function().equals(Whitelist.PROXY_CALL)) {
            TokenLayout function = of(args.remove(0));
            if (function.kind() != Kind.METHOD) {
                return allWithoutTokens(call);
            }
            return method(function, args, call.kwargs());
        } else if (call.function().startsWith("_operator.") && name.endsWith("item")) {
            return item(args, name);
        }
        return function(name, args.isEmpty() ? null : tensorOrContainer(args.get(0)), args, call.kwargs());
    }

    private TokenLayout tensorOrContainer(Value value) {
        TokenLayout layout = of(value);
        return layout.isContainer() ? TokenLayout.CONTAINER : layout.asTensor(root);
    }

    private TokenLayout method(TokenLayout bound, List<Value> args, Map<String, Value> keywords) {
        TokenLayout receiver = Objects.requireNonNull(bound.receiver());
        List<Value> all = new ArrayList<>(args);
        all.add(0, Value.Constant.NONE);
        return function(
                bound.name(), receiver.isContainer() ? TokenLayout.CONTAINER : receiver.asTensor(root), all, keywords);
    }

    private TokenLayout attribute(TokenLayout receiver, String name) {
        if (receiver.isPlaceWithFields()
                && Whitelist.find("Tensor." + name) == null
                && !TokenLayout.isDictMethod(name)) {
            return receiver.entry(name);
        } else if (receiver.kind() == Kind.PAIR && (name.equals("values") || name.equals("indices"))) {
            return Objects.requireNonNull(receiver.receiver());
        } else if (name.equals("device") || name.equals("dtype") || name.equals("ndim")) {
            return TokenLayout.NO_TOKENS;
        } else if (Whitelist.find("Tensor." + name) != null
                || TokenLayout.isDictMethod(name)
                || name.equals("backward")) {
            return TokenLayout.method(receiver, name);
        }
        return receiver.kind() == Kind.NO_TOKENS ? receiver : unknownUse("takes '" + name + "'");
    }

    private static TokenLayout unknownUse(String what) {
        throw new PaddingMatters(what);
    }

    /** getitem, setitem, delitem. */
    private TokenLayout item(List<Value> args, String name) {
        TokenLayout container = of(args.get(0));
        if (args.size() > 2) {
            of(args.get(2));
        }
        if (container.isContainer() || container.kind() == Kind.PAIR || container.takesEntry(args.get(1))) {
            return name.equals("getitem") ? container.item(args.get(1)) : TokenLayout.NO_TOKENS;
        }
        TokenLayout tensor = tensor(args.get(0));
        if (tensor.kind() == Kind.NO_TOKENS) {
            return allWithoutTokens(args.subList(1, 2));
        }
        TokenLayout indexed = new TokenIndex(this).of(args.get(1), tensor);
        if (args.size() > 2) {
            tensor(args.get(2));
        }
        return name.equals("getitem") ? indexed : TokenLayout.NO_TOKENS;
    }

    private TokenLayout allWithoutTokens(Operation.Call call) {
        return allWithoutTokens(Operands.of(call));
    }

    private TokenLayout allWithoutTokens(List<Value> values) {
        if (values.stream().allMatch(value -> of(value).kind() == Kind.NO_TOKENS)) {
            return TokenLayout.NO_TOKENS;
        }
        throw new PaddingMatters("combines tokens");
    }

    /** @param first what the function is called on; {@code args} has a stand-in in its place */
    private TokenLayout function(
            String name, @Nullable TokenLayout first, List<Value> args, Map<String, Value> keywords) {
        List<TokenLayout> all = new ArrayList<>();
        if (first != null) {
            all.add(first);
        }
        args.stream().skip(1).forEach(value -> all.add(operand(value)));
        keywords.values().forEach(value -> all.add(operand(value)));
        if (all.stream().allMatch(layout -> layout.kind() == Kind.NO_TOKENS)) {
            return TokenLayout.NO_TOKENS;
        } else if (all.stream().anyMatch(layout -> layout.kind() == Kind.CONTAINER)) {
            return TokenLayout.combinesContainers(name)
                    ? TokenLayout.CONTAINER
                    : unknownUse("computes with a container");
        } else if (all.stream().anyMatch(layout -> layout.kind() != Kind.TOKENS && layout.kind() != Kind.NO_TOKENS)) {
            return unknownUse("uses a value whose tokens can't be told from its other dimensions");
        }
        return TokenFunctions.result(name, all, args, keywords);
    }

    private TokenLayout operand(Value value) {
        TokenLayout layout = of(value);
        return layout.isContainer() ? TokenLayout.CONTAINER : layout.asTensor(root);
    }
}
