package io.sightline.job.probe;

import io.sightline.job.probe.measure.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What a probe job came to.
 *
 * @param problems how many probes were refused or failed, by message
 * @param best the best place for each run, label, pooling and kind
 */
public record ProbeSummary(
        String output,
        int ok,
        int refused,
        int failed,
        double seconds,
        Map<String, Integer> problems,
        List<Best> best) {

    /**
     * The best place of one label.
     *
     * @param metric what {@code score} is: {@code accuracy}, or {@code r2} for numbers
     * @param baseline the score of always giving the same answer; NaN where there is none
     * @param control the score with shuffled labels; NaN without control task
     */
    public record Best(
            String run,
            String label,
            String kind,
            String pooling,
            String module,
            String metric,
            double score,
            double low,
            double high,
            double baseline,
            double control) {}

    static ProbeSummary of(String output, List<ProbeResult> results, double seconds) {
        Map<String, Integer> problems = new TreeMap<>();
        Map<String, Best> best = new LinkedHashMap<>();
        int[] counts = new int[ProbeResult.Status.values().length];
        for (ProbeResult result : results) {
            counts[result.status().ordinal()]++;
            ProbeResult.Fit fit = result.fit();
            if (fit == null) {
                problems.merge(result.subject().label() + ": " + result.message(), 1, Integer::sum);
            } else {
                Best candidate = best(result.subject(), fit);
                best.merge(group(result.subject()), candidate, (a, b) -> b.score > a.score ? b : a);
            }
        }
        return new ProbeSummary(
                output, counts[0], counts[1], counts[2], seconds, problems, new ArrayList<>(best.values()));
    }

    private static String group(ProbeResult.Subject subject) {
        return String.join(
                "\n",
                subject.cell().runName(),
                subject.label(),
                subject.kind().toString(),
                subject.pooling().toString());
    }

    private static Best best(ProbeResult.Subject subject, ProbeResult.Fit fit) {
        boolean numbers = subject.task() == Task.REGRESSION;
        ToDoubleFunction<Metrics> score = numbers ? Metrics::r2 : Metrics::accuracy;
        return new Best(
                subject.cell().runName(),
                subject.label(),
                subject.kind().toString(),
                subject.pooling().toString(),
                subject.cell().module() + "." + subject.cell().io(),
                numbers ? "r2" : "accuracy",
                score.applyAsDouble(fit.test()),
                score.applyAsDouble(fit.intervals().low()),
                score.applyAsDouble(fit.intervals().high()),
                fit.majority(),
                score.applyAsDouble(fit.control()));
    }
}
