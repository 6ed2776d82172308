package io.sightline.job.probe.fit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Curvatures of the fits of one data set, one for all that train on prompts from the same set in the same kind of coordinates: labels that differ only in
 * how prompts fall into parts share one. Owns them; closing frees them.
 */
public final class CurvatureCache implements Function<Training, Curvature>, AutoCloseable {
    private final Map<String, Curvature> known = new HashMap<>();

    @Override
    public Curvature apply(Training training) {
        Affine coordinates = training.design().coordinates();
        boolean scaled = Arrays.stream(coordinates.scale()).anyMatch(scale -> scale != 1);
        return known.computeIfAbsent(scaled + " " + used(training.design()), key -> training.estimateCurvature());
    }

    /** Which prompts are used at all, as a fingerprint: a wrong guess costs iterations, never correctness. */
    private static int used(Design design) {
        byte[] used = design.parts().clone();
        for (int i = 0; i < used.length; i++) {
            used[i] = (byte) (used[i] == Part.UNUSED.code() ? 0 : 1);
        }
        return Arrays.hashCode(used);
    }

    @Override
    public void close() {
        known.values().forEach(Curvature::close);
        known.clear();
    }
}
