package io.sightline.interleave;

import io.sightline.graph.Value;
import io.sightline.interleave.PaddingCheck.PaddingMatters;
import java.util.ArrayList;
import java.util.List;

/** What an index takes of {@code [batch, tokens, …]}: all tokens, some counted from the end, or some that padding moves. */
final class TokenIndex {
    private final PaddingCheck check;

    TokenIndex(PaddingCheck check) {
        this.check = check;
    }

    TokenLayout of(Value index, TokenLayout tensor) {
        List<Value> items = new ArrayList<>(index instanceof Value.TupleValue tuple ? tuple.items() : List.of(index));
        if (!items.isEmpty() && isAll(items.get(0)) && items.size() > 1 && items.get(1) == Value.Constant.ELLIPSIS) {
            items.remove(0);
        }
        if (!items.isEmpty() && items.get(0) == Value.Constant.ELLIPSIS) {
            return fromTheBack(items.subList(1, items.size()), tensor);
        } else if (items.isEmpty() || !isAll(items.get(0))) {
            throw new PaddingMatters("takes rows of the batch");
        }
        TokenLayout tokens = items.size() > 1 ? tokens(items.get(1), tensor) : tensor;
        return features(items.subList(Math.min(2, items.size()), items.size()), tokens);
    }

    private static boolean isAll(Value item) {
        return item instanceof Value.SliceValue slice
                && slice.start() == Value.Constant.NONE
                && slice.stop() == Value.Constant.NONE
                && isStep(slice);
    }

    private static boolean isStep(Value.SliceValue slice) {
        return slice.step() == Value.Constant.NONE || slice.step().equals(new Value.IntValue(1));
    }

    /** {@code [..., i]}, {@code [..., i, j]} */
    private TokenLayout fromTheBack(List<Value> items, TokenLayout tensor) {
        if (items.isEmpty()) {
            return tensor;
        } else if (items.size() == 1 && tensor.hasFeatures()) {
            return features(items, tensor);
        } else if (items.size() == 1) {
            return tokens(items.get(0), tensor);
        } else if (items.size() == 2 && tensor.hasFeatures()) {
            return features(items.subList(1, 2), tokens(items.get(0), tensor));
        }
        throw new PaddingMatters("counts dimensions from the end");
    }

    private TokenLayout tokens(Value item, TokenLayout tensor) {
        if (isAll(item)) {
            return tensor;
        } else if (item instanceof Value.IntValue number && number.value() < 0) {
            check.reads(-number.value());
            return TokenLayout.NO_TOKENS;
        } else if (item instanceof Value.SliceValue slice && isStep(slice)) {
            return slice(slice, tensor);
        } else if (item instanceof Value.ListValue list
                && list.items().stream().allMatch(i -> i instanceof Value.IntValue n && n.value() < 0)) {
            list.items().forEach(i -> check.reads(-((Value.IntValue) i).value()));
            return TokenLayout.NO_TOKENS;
        }
        throw new PaddingMatters("counts tokens from the front, pads included", true);
    }

    private TokenLayout slice(Value.SliceValue slice, TokenLayout tensor) {
        boolean open = slice.start() == Value.Constant.NONE;
        boolean start = open || slice.start() instanceof Value.IntValue number && number.value() < 0;
        boolean stop = slice.stop() == Value.Constant.NONE
                || slice.stop() instanceof Value.IntValue number && number.value() < 0;
        if (!start || !stop) {
            throw new PaddingMatters("counts tokens from the front, pads included", true);
        }
        if (slice.stop() instanceof Value.IntValue last) {
            check.reads(-last.value());
        }
        if (open) {
            return tensor;
        }
        check.reads(-((Value.IntValue) slice.start()).value());
        return TokenLayout.NO_TOKENS;
    }

    /** What is behind the tokens may be indexed as one likes, by what is known beforehand. */
    private static TokenLayout features(List<Value> items, TokenLayout tokens) {
        for (Value item : items) {
            if (!Value.references(item).isEmpty()) {
                throw new PaddingMatters("takes an index that is computed");
            }
        }
        boolean dropped = items.stream().anyMatch(item -> !isAll(item) && !(item instanceof Value.SliceValue));
        return dropped && tokens.kind() == TokenLayout.Kind.TOKENS ? tokens.withoutFeatures() : tokens;
    }
}
