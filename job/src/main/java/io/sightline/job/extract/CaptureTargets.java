package io.sightline.job.extract;

import io.sightline.graph.Place;
import io.sightline.job.config.CaptureRequest;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.ModulePattern;
import io.sightline.job.config.PromptSource;
import io.sightline.job.table.VectorType;
import io.sightline.job.table.write.ActivationGroup;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The job's captures spread out over the model's modules. */
public final class CaptureTargets {
    private CaptureTargets() {}

    /** A capture at a module whose shape nobody has seen yet. */
    public record Target(int request, CaptureRequest capture, String module, int invoke) implements Serializable {
        public Place place() {
            return capture.input() ? Place.input(module) : Place.output(module);
        }

        public ResolvedCapture resolved(ResolvedCapture.Layout layout, int width) {
            ActivationGroup group = new ActivationGroup(
                    capture.name(),
                    module,
                    layer(module),
                    capture.input() ? "input" : "output",
                    VectorType.of(capture.dtype()));
            return new ResolvedCapture(request, group, capture.input(), capture.tokens(), invoke, layout, width);
        }
    }

    /** @throws ConfigException if a pattern fits no module */
    public static List<Target> of(List<CaptureRequest> captures, Collection<String> modules, PromptSource prompts) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < captures.size(); i++) {
            CaptureRequest capture = captures.get(i);
            int invoke = capture.invoke() == null ? prompts.invokes() - 1 : capture.invoke();
            try {
                for (String module : ModulePattern.of(capture.module()).matching(modules)) {
                    targets.add(new Target(i, capture, module, invoke));
                }
            } catch (ConfigException e) {
                throw new ConfigException("capture '" + capture.name() + "': " + e.getMessage(), e);
            }
        }
        return targets;
    }

    /** The first number in a module's path; null if it has none. */
    public static @Nullable Integer layer(String module) {
        return Arrays.stream(module.split("\\."))
                .filter(name -> name.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .findFirst()
                .orElse(null);
    }
}
