package io.sightline.interleave;

import io.sightline.engine.Autograd;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One backward pass over the taps, those of later values first, with torch's tensor hooks: the gradient that arrives at a tapped tensor can be read and
 * replaced, and what replaced it flows on.
 *
 * <p>libtorch's hooks can't be reached from Java. But a backward pass is linear: where the gradient {@code g} of a tensor becomes
 * {@code g'}, the gradient of everything upstream of it changes by what flows from {@code g'} less what flowed from {@code g}.
 */
final class BackwardPass {
    private final Tensor output;
    private final Tensor seed;
    private final List<GradientTap> taps;
    private final Map<Tensor, @Nullable Tensor> gathered;
    private final List<List<GradientTap>> groups = new ArrayList<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<@Nullable Tensor> gradients = new ArrayList<>();
    private final List<GradientTap> fired = new ArrayList<>();

    /**
     * @param taps all that wait; those that this pass reaches are removed
     * @param gathered the parameters whose gradients add up, and the sums so far
     */
    BackwardPass(Tensor output, Tensor seed, List<GradientTap> taps, Map<Tensor, @Nullable Tensor> gathered) {
        this.output = output;
        this.seed = seed;
        this.taps = taps;
        this.gathered = gathered;
        taps.forEach(this::group);
        groups.sort(Comparator.comparingLong(BackwardPass::arrival).reversed());
        groups.forEach(group -> inputs.add(group.get(0).tensor));
        inputs.addAll(gathered.keySet().stream()
                .filter(p -> !p.isClosed() && p.requiresGrad())
                .toList());
    }

    /** Taps of one tensor stand together, in the order of their making. */
    private void group(GradientTap tap) {
        for (List<GradientTap> group : groups) {
            if (group.get(0).isOfSameTensor(tap)) {
                group.add(tap);
                return;
            }
        }
        groups.add(new ArrayList<>(List.of(tap)));
    }

    private static long arrival(List<GradientTap> group) {
        return group.stream().mapToLong(tap -> tap.arrival).min().orElse(0);
    }

    void run() {
        if (inputs.isEmpty()) {
            return;
        }
        try {
            gradients.addAll(Autograd.gradients(List.of(output), List.of(seed), inputs));
            for (int i = 0; i < groups.size(); i++) {
                Tensor arrived = gradients.get(i);
                if (arrived != null) {
                    reach(i, arrived);
                }
            }
            gatherRest();
        } finally {
            fired.forEach(tap -> tap.tensor.close());
        }
    }

    /** Each tap of a tensor sees what the one before it left. */
    private void reach(int index, Tensor arrived) {
        boolean fires = groups.get(index).stream().anyMatch(tap -> tap.skip == 0);
        boolean hasUpstream = index + 1 < inputs.size();
        Tensor before = fires && hasUpstream ? arrived.copy() : arrived;
        Tensor now = arrived;
        for (GradientTap tap : groups.get(index)) {
            if (tap.skip-- == 0) {
                now = fire(tap, now);
                taps.remove(tap);
                fired.add(tap);
            }
        }
        if (fires && hasUpstream && !equal(before, now)) {
            reflow(inputs.get(index), before, now, index + 1);
        }
    }

    private Tensor fire(GradientTap tap, Tensor gradient) {
        Scope scope = Scope.open();
        try (scope) {
            Object now = tap.execution.offer(tap.node, gradient.share(), scope);
            if (now == PlaceHooks.UNCHANGED) {
                return gradient;
            } else if (now instanceof Tensor replacement) {
                scope.moveToParent(replacement);
                return replacement;
            }
            throw new IllegalArgumentException("a gradient can only be set to a tensor");
        }
    }

    private void reflow(Tensor tensor, Tensor before, Tensor now, int from) {
        List<Tensor> upstream = inputs.subList(from, inputs.size());
        List<@Nullable Tensor> less = Autograd.gradients(List.of(tensor), List.of(before), upstream);
        List<@Nullable Tensor> more = Autograd.gradients(List.of(tensor), List.of(now), upstream);
        for (int i = 0; i < upstream.size(); i++) {
            Tensor minus = less.get(i);
            Tensor plus = more.get(i);
            Tensor total = gradients.get(from + i);
            if (minus != null && plus != null && total != null) {
                gradients.set(from + i, total.sub(minus).add(plus));
            }
        }
    }

    private boolean equal(Tensor a, Tensor b) {
        return Arrays.equals(a.shape(), b.shape())
                && a.dtype() == b.dtype()
                && Boolean.TRUE.equals(TorchFunction.call("equal", List.of(a, b), Map.of()));
    }

    private void gatherRest() {
        for (int i = groups.size(); i < inputs.size(); i++) {
            Tensor gradient = gradients.get(i);
            Tensor parameter = inputs.get(i);
            if (gradient != null) {
                Tensor sum = gathered.get(parameter);
                Tensor next = (sum == null ? gradient.share() : sum.add(gradient)).release();
                if (sum != null) {
                    sum.close();
                }
                gathered.put(parameter, next);
            }
        }
    }
}
