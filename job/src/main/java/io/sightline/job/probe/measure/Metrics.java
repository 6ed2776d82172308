package io.sightline.job.probe.measure;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one probe; NaN where one does not apply or cannot be computed.
 *
 * @param accuracy share of rows whose predicted class is right
 * @param balancedAccuracy mean over the classes that occur of the share that is right
 * @param auroc area under the ROC curve of the second class's score; with more classes, the mean of each class against the rest
 * @param f1 of the second class; with more classes, the mean over the classes that occur or are predicted
 * @param logLoss mean negative log probability of the true class, in nats
 * @param r2 coefficient of determination
 */
public record Metrics(double accuracy, double balancedAccuracy, double auroc, double f1, double logLoss, double r2)
        implements Serializable {
    public static final Metrics NONE =
            new Metrics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** The components in order, to do the same with each. */
    static final List<ToDoubleFunction<Metrics>> COMPONENTS = List.of(
            Metrics::accuracy, Metrics::balancedAccuracy, Metrics::auroc, Metrics::f1, Metrics::logLoss, Metrics::r2);

    /** How many of them, from the first on, are shares between 0 and 1. */
    static final int SHARES = 4;

    static Metrics of(double[] components) {
        return new Metrics(components[0], components[1], components[2], components[3], components[4], components[5]);
    }
}
