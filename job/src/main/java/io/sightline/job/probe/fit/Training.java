package io.sightline.job.probe.fit;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The training rows of one design, and what several kinds of probe need of them, computed once. */
public final class Training {
    private final FitRows rows;
    private final Design design;
    private final Moments moments;
    private final Function<Training, Curvature> curvatures;

    private final @Nullable ClassSums[] classSums;

    @Nullable
    private Gram gram;

    /**
     * @param moments of the design's training rows
     * @param curvatures gives the curvature, which it keeps and closes; may reuse one of other rows of the same kind
     */
    public Training(FitRows rows, Design design, Moments moments, Function<Training, Curvature> curvatures) {
        this.rows = rows;
        this.design = design;
        this.moments = moments;
        this.curvatures = curvatures;
        this.classSums = new ClassSums[design.targets().variants()];
    }

    public FitRows rows() {
        return rows;
    }

    public Design design() {
        return design;
    }

    Targets targets() {
        return design.targets();
    }

    long count() {
        return moments.rows();
    }

    ClassSums classSums(int variant) {
        ClassSums sums = classSums[variant];
        if (sums == null) {
            sums = ClassSums.of(rows, design, variant);
            classSums[variant] = sums;
        }
        return sums;
    }

    Gram gram() {
        Gram known = gram;
        if (known == null) {
            known = Gram.of(rows, design);
            gram = known;
        }
        return known;
    }

    Curvature curvature() {
        return curvatures.apply(this);
    }

    /** A curvature of just these rows; the caller closes it. */
    public Curvature estimateCurvature() {
        return Curvature.of(rows, design, moments);
    }
}
