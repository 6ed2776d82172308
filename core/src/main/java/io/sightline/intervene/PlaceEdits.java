package io.sightline.intervene;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The edits of one place in one call: the tokens of all rows that are edited alike are gathered, changed, and put back at once. */
final class PlaceEdits {
    private static final Kernel FLAT = Kernel.define(
            "rows of tokens",
            "x: Tensor, rows: int, tokens: int",
            "Tensor",
            "size = torch.size(x)",
            "if size[0] == 1 and rows > 1:",
            "  size[0] = rows",
            "return torch.reshape(torch.expand(x, size), [rows * tokens, -1])");
    private static final Kernel GATHER = Kernel.define(
            "gather tokens",
            "flat: Tensor, at: Tensor",
            "Tensor",
            "return torch.to(torch.index_select(flat, 0, at), 6)");
    private static final Kernel PUT = Kernel.define(
            "put tokens",
            "flat: Tensor, at: Tensor, now: Tensor",
            "Tensor",
            "return torch.index_copy(flat, 0, at, torch.to(now, ops.prim.dtype(flat)))");
    private static final Kernel CHOOSE = Kernel.define(
            "choose heads",
            "mask: Tensor, now: Tensor, before: Tensor",
            "Tensor",
            "return torch.where(mask, now, before)");

    private final List<Integer> promptTokens;
    private final int call;
    private final int tokens;
    private final long[] shape;
    private final Tensor before;
    private Tensor flat;

    PlaceEdits(Tensor value, List<Integer> promptTokens, int call) {
        this.promptTokens = promptTokens;
        this.call = call;
        this.shape = value.shape();
        int rows = promptTokens.size();
        this.tokens = tokens(shape, rows);
        if (shape.length > 2) {
            shape[0] = rows;
        }
        this.before = FLAT.tensor(value, (long) rows, (long) tokens);
        this.flat = before;
    }

    /** How many tokens wide a value is, pads included. */
    private static int tokens(long[] shape, int rows) {
        if (shape.length >= 3 && (shape[0] == rows || shape[0] == 1)) {
            return Math.toIntExact(shape[1]);
        } else if (shape.length == 2 && shape[0] % rows == 0) {
            return Math.toIntExact(shape[0] / rows);
        }
        throw new IllegalArgumentException("it holds a tensor of shape " + Arrays.toString(shape)
                + ", whose tokens can't be told apart; [batch, tokens, …] of " + rows + " rows is expected");
    }

    Tensor result() {
        return flat.reshape(shape);
    }

    /** @param rows interventions of one kind by row */
    void apply(Map<Integer, Intervention> rows) {
        List<Long> at = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        rows.forEach((row, intervention) -> {
            long[] own = places(row, intervention.tokens());
            Arrays.stream(own).forEach(at::add);
            counts.add(own.length);
        });
        if (at.isEmpty()) {
            return;
        }
        Tensor index = index(at);
        Tensor old = GATHER.tensor(flat, index);
        EditedTokens edited = new EditedTokens(old, before, counts, this);
        Tensor now = edited.changed(rows);
        Tensor mask = edited.heads(List.copyOf(rows.values()));
        flat = PUT.tensor(flat, index, mask == null ? now : CHOOSE.tensor(mask, now, old));
    }

    Tensor index(List<Long> at) {
        return Tensor.of(at.stream().mapToLong(Long::longValue).toArray(), at.size())
                .to(before.device());
    }

    /** Where a row's chosen tokens stand in the flat value; those of other calls of a generation don't stand here. */
    long[] places(int row, TokenSelection selection) {
        int prompt = promptTokens.get(row);
        int all = prompt + call;
        long first = (long) row * tokens;
        return IntStream.of(selection.of(prompt, all))
                .map(position -> tokens - all + position)
                .filter(column -> column >= 0 && column < tokens)
                .mapToLong(column -> first + column)
                .toArray();
    }
}
