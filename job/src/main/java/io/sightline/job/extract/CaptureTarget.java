package io.sightline.job.extract;

import io.sightline.graph.Place;
import io.sightline.job.config.CaptureRequest;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.ModulePattern;
import io.sightline.job.config.PromptSource;
import io.sightline.job.extract.ResolvedCapture.Layout;
import io.sightline.job.table.VectorType;
import io.sightline.job.table.write.ActivationGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A capture at one module that its pattern matches.
 *
 * @param request the capture's number
 * @param invoke the text column whose rows are captured
 */
public record CaptureTarget(int request, CaptureRequest capture, String module, int invoke) implements OutputRequest {
    /**
     * The captures spread out over a model's modules.
     *
     * @throws ConfigException if a pattern matches no module
     */
    public static List<CaptureTarget> of(
            List<CaptureRequest> captures, Collection<String> modules, PromptSource prompts) {
        List<CaptureTarget> targets = new ArrayList<>();
        for (int i = 0; i < captures.size(); i++) {
            CaptureRequest capture = captures.get(i);
            int invoke = capture.invoke() == null ? prompts.invokes() - 1 : capture.invoke();
            try {
                for (String module : ModulePattern.of(capture.module()).matching(modules)) {
                    targets.add(new CaptureTarget(i, capture, module, invoke));
                }
            } catch (ConfigException e) {
                throw new ConfigException("capture '" + capture.name() + "': " + e.getMessage(), e);
            }
        }
        return targets;
    }

    @Override
    public Optional<Place> place() {
        return Optional.of(at());
    }

    private Place at() {
        return capture.input() ? Place.input(module) : Place.output(module);
    }

    @Override
    public ResolvedCapture resolve(Observed large, Observed small) {
        long[] shape = large.shape();
        long[] other = small.shape();
        if (shape == null || other == null) {
            throw new ConfigException("capture '" + capture.name() + "': the forward pass does not call module '"
                    + module + "', so it has no " + at().port());
        }
        if (isByToken(shape, large) && isByToken(other, small)) {
            return resolved(Layout.BATCH_SEQ, shape, 2);
        }
        if (startsWith(shape, (long) large.rows() * large.width())
                && startsWith(other, (long) small.rows() * small.width())) {
            return resolved(Layout.FLAT, shape, 1);
        }
        if (startsWith(shape, large.rows())
                && startsWith(other, small.rows())
                && Arrays.equals(shape, 1, shape.length, other, 1, other.length)) {
            return resolved(Layout.BATCH, shape, 1);
        }
        throw new ConfigException("capture '" + capture.name() + "': the " + at().port() + " of module '" + module
                + "' has shape " + Observed.symbols(shape, large.rows(), large.width())
                + ", which can't be split into rows by prompt and token; expected [batch, seq, …]");
    }

    private static boolean isByToken(long[] shape, Observed batch) {
        return shape.length >= 2 && shape[0] == batch.rows() && shape[1] == batch.width();
    }

    private static boolean startsWith(long[] shape, long size) {
        return shape.length > 0 && shape[0] == size;
    }

    private ResolvedCapture resolved(Layout layout, long[] shape, int batchDimensions) {
        long width = Arrays.stream(shape).skip(batchDimensions).reduce(1, (a, b) -> a * b);
        ActivationGroup group = new ActivationGroup(
                capture.name(),
                module,
                layer(module),
                capture.input() ? "input" : "output",
                VectorType.of(capture.dtype()));
        return new ResolvedCapture(
                request, group, capture.input(), capture.tokens(), invoke, layout, Math.toIntExact(width));
    }

    /** The first number in a module's path; null if it has none. */
    private static @Nullable Integer layer(String module) {
        return Arrays.stream(module.split("\\."))
                .filter(name -> name.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .findFirst()
                .orElse(null);
    }
}
