package io.sightline.job.probe.fit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of probe. Each is a set of linear functions of an activation; they differ in how these are found. */
public enum Kind {
    /** L2-regularised logistic regression, binary or multinomial, as scikit-learn's {@code LogisticRegression}; strength {@code c}. */
    LOGISTIC("c"),
    /** Ridge regression, as scikit-learn's {@code Ridge}; on classes, of -1 and +1, as its {@code RidgeClassifier}; strength {@code alpha}. */
    RIDGE("alpha"),
    /** The difference of class means in the raw activation space (mass-mean), split half-way between the means. */
    MEAN_DIFFERENCE(null),
    /** The class whose mean is nearest, as scikit-learn's {@code NearestCentroid}. */
    NEAREST_CENTROID(null),
    /**
     * Linear discriminant analysis with the pooled covariance {@code (1 - s) Σ + s tr(Σ)/d I}, as scikit-learn's {@code solver="lsqr"}; strength
     * {@code shrinkage}.
     */
    LDA("shrinkage");

    private final @Nullable String strength;

    Kind(@Nullable String strength) {
        this.strength = strength;
    }

    /** What this kind's regularisation is called, or {@code null} if it has none. */
    public @Nullable String strength() {
        return strength;
    }

    /** Whether sigmoid or softmax of its scores are meant as probabilities. */
    public boolean isProbabilistic() {
        return this == LOGISTIC || this == LDA;
    }

    public boolean fitsNumbers() {
        return this == RIDGE;
    }

    /** Of a larger and a smaller strength, whether the larger one holds the weights back more. */
    public boolean largerIsStronger() {
        return this != LOGISTIC;
    }

    /**
     * Reads the lower-case name.
     *
     * @throws IllegalArgumentException naming the known kinds
     */
    public static Kind parse(String name) {
        for (Kind kind : values()) {
            if (kind.toString().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no probe kind '" + name + "'; known: "
                + Arrays.stream(values()).map(Kind::toString).collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
