package io.sightline.intervene;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The new vectors of gathered tokens, {@code [tokens, hidden]} float32; tensors belong to the current scope. */
final class EditedTokens {
    private static final Kernel SCALE =
            Kernel.define("scale", "x: Tensor, by: Tensor", "Tensor", "return torch.mul(x, by)");
    private static final Kernel ADD =
            Kernel.define("add", "x: Tensor, by: Tensor", "Tensor", "return torch.add(x, by)");
    private static final Kernel SET =
            Kernel.define("set", "x: Tensor, to: Tensor", "Tensor", "return torch.expand(to, torch.size(x))");
    private static final Kernel CLAMP = Kernel.define(
            "clamp",
            "x: Tensor, low: Tensor, high: Tensor",
            "Tensor",
            "return torch.minimum(torch.maximum(x, low), high)");
    private static final Kernel PROJECT_OUT = Kernel.define(
            "project out",
            "x: Tensor, along: Tensor",
            "Tensor",
            "squares = torch.sum(torch.mul(along, along), [-1], True)",
            "part = torch.div(torch.sum(torch.mul(x, along), [-1], True), squares)",
            "return torch.sub(x, torch.mul(part, along))");

    private final Tensor old;
    private final Tensor before;
    private final List<Integer> counts;
    private final PlaceEdits edits;
    private final int width;

    /**
     * @param old the tokens' vectors
     * @param before all rows' vectors before any edit
     * @param counts how many of the tokens each intervention has
     */
    EditedTokens(Tensor old, Tensor before, List<Integer> counts, PlaceEdits edits) {
        this.old = old;
        this.before = before;
        this.counts = counts;
        this.edits = edits;
        this.width = Math.toIntExact(old.size(1));
    }

    Tensor changed(Map<Integer, Intervention> rows) {
        List<Intervention> all = List.copyOf(rows.values());
        Edit kind = all.get(0).edit();
        if (kind instanceof Edit.Add) {
            return ADD.tensor(old, operands(rows, edit -> ((Edit.Add) edit).by()));
        } else if (kind instanceof Edit.Set) {
            return SET.tensor(old, operands(rows, edit -> ((Edit.Set) edit).value()));
        } else if (kind instanceof Edit.Scale) {
            return SCALE.tensor(old, operands(rows, edit -> ((Edit.Scale) edit).by()));
        } else if (kind instanceof Edit.ProjectOut) {
            return PROJECT_OUT.tensor(old, operands(rows, edit -> direction((Edit.ProjectOut) edit)));
        } else if (kind instanceof Edit.Clamp) {
            return CLAMP.tensor(
                    old,
                    operands(rows, edit -> ((Edit.Clamp) edit).low()),
                    operands(rows, edit -> ((Edit.Clamp) edit).high()));
        } else if (kind instanceof Edit.PatchFrom) {
            return fromRows(all);
        }
        return given(all);
    }

    private static Edit.Operand direction(Edit.ProjectOut edit) {
        if (edit.direction() instanceof Edit.Number
                || edit.direction() instanceof Edit.Vector vector
                        && HostArithmetic.INSTANCE.norm(vector.values()).equals(0.0)) {
            throw new IllegalArgumentException("project_out takes a vector that is not zero");
        }
        return edit.direction();
    }

    /** {@code [tokens, 1 or hidden]}: each token's operand. */
    private Tensor operands(Map<Integer, Intervention> rows, Function<Edit, Edit.Operand> of) {
        List<Edit.Operand> operands = new ArrayList<>();
        rows.values().forEach(intervention -> operands.add(of.apply(intervention.edit())));
        if (operands.stream().anyMatch(Edit.OfBase.class::isInstance)) {
            return ofBase(rows, operands);
        }
        int columns = operands.stream().allMatch(Edit.Number.class::isInstance) ? 1 : width;
        float[] numbers = new float[operands.size() * columns];
        for (int i = 0; i < operands.size(); i++) {
            fill(numbers, i * columns, columns, operands.get(i));
        }
        Tensor each = Tensor.of(numbers, operands.size(), columns).to(old.device());
        return each.indexSelect(0, edits.index(owners()));
    }

    /** For each token the intervention that it belongs to. */
    private List<Long> owners() {
        List<Long> owners = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            for (int token = 0; token < counts.get(i); token++) {
                owners.add((long) i);
            }
        }
        return owners;
    }

    private void fill(float[] numbers, int from, int columns, Edit.Operand operand) {
        if (operand instanceof Edit.Vector vector) {
            System.arraycopy(checked(vector.values()), 0, numbers, from, columns);
        } else {
            Arrays.fill(numbers, from, from + columns, (float) ((Edit.Number) operand).value());
        }
    }

    private float[] checked(float[] vector) {
        if (vector.length != width) {
            throw new IllegalArgumentException(
                    "a vector of " + vector.length + " numbers does not fit; the module's have " + width);
        }
        return vector;
    }

    /** Expressions of the base run's values, row by row. */
    private Tensor ofBase(Map<Integer, Intervention> rows, List<Edit.Operand> operands) {
        List<Tensor> parts = new ArrayList<>();
        int i = 0;
        for (Map.Entry<Integer, Intervention> entry : rows.entrySet()) {
            TensorArithmetic arithmetic = new TensorArithmetic(old.device());
            Edit.Operand operand = operands.get(i);
            Tensor value;
            if (operand instanceof Edit.OfBase of) {
                Tensor base = of(of.baseRow(), entry.getValue().tokens());
                value = new Evaluator<>(
                                arithmetic,
                                name -> name.equals("base")
                                        ? base
                                        : of.bindings().values().get(name))
                        .of(of.expression());
            } else {
                value = arithmetic.of(
                        operand instanceof Edit.Vector vector
                                ? checked(vector.values())
                                : (Object) ((Edit.Number) operand).value());
            }
            parts.add(EXPAND.tensor(value, (long) counts.get(i), (long) width));
            i++;
        }
        return Tensor.cat(parts, 0);
    }

    private static final Kernel EXPAND = Kernel.define(
            "expand", "x: Tensor, tokens: int, width: int", "Tensor", "return torch.expand(x, [tokens, width])");

    /** A row's vectors at some tokens, before any edit. */
    private Tensor of(int row, TokenSelection tokens) {
        List<Long> at = new ArrayList<>();
        Arrays.stream(edits.places(row, tokens)).forEach(at::add);
        return before.indexSelect(0, edits.index(at)).to(old.dtype());
    }

    private Tensor fromRows(List<Intervention> all) {
        List<Long> at = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Edit.PatchFrom patch = (Edit.PatchFrom) all.get(i).edit();
            long[] places = edits.places(patch.row(), patch.tokens());
            checkCount(places.length, counts.get(i));
            Arrays.stream(places).forEach(at::add);
        }
        return before.indexSelect(0, edits.index(at)).to(old.dtype());
    }

    private Tensor given(List<Intervention> all) {
        float[] numbers = new float[counts.stream().mapToInt(Integer::intValue).sum() * width];
        int next = 0;
        for (int i = 0; i < all.size(); i++) {
            List<float[]> vectors = ((Edit.PatchWith) all.get(i).edit()).vectors();
            checkCount(vectors.size(), counts.get(i));
            for (float[] vector : vectors) {
                System.arraycopy(checked(vector), 0, numbers, next, width);
                next += width;
            }
        }
        return Tensor.of(numbers, numbers.length / width, width).to(old.device());
    }

    private static void checkCount(int from, int to) {
        if (from != to) {
            throw new IllegalArgumentException("patch takes " + from + " tokens to put them in the place of " + to);
        }
    }

    /** For each token which numbers may change, {@code [tokens, hidden]}; null where all may. */
    @Nullable
    Tensor heads(List<Intervention> all) {
        if (all.stream().allMatch(intervention -> intervention.heads() == null)) {
            return null;
        }
        boolean[] mask = new boolean[all.size() * width];
        for (int i = 0; i < all.size(); i++) {
            Heads heads = all.get(i).heads();
            if (heads == null) {
                Arrays.fill(mask, i * width, (i + 1) * width, true);
            } else {
                System.arraycopy(heads.mask(width), 0, mask, i * width, width);
            }
        }
        return Tensor.of(mask, all.size(), width).to(old.device()).indexSelect(0, edits.index(owners()));
    }
}
