package io.sightline.job.probe;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.sightline.job.probe.fit.LinearModel;
import io.sightline.job.probe.fit.Part;
import io.sightline.job.probe.measure.Bootstrap;
import io.sightline.job.probe.measure.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The tables of a probe output: columns, and rows from results. */
final class ProbeTables {
    private static final StructType SUBJECT = new StructType()
            .add("probe_id", StringType, false)
            .add("run", StringType, false)
            .add("name", StringType, false)
            .add("module", StringType, false)
            .add("layer", IntegerType, true)
            .add("io", StringType, false)
            .add("pooling", StringType, false)
            .add("label", StringType, false)
            .add("task", StringType, false)
            .add("kind", StringType, false)
            .add("standardize", BooleanType, false);

    /** A row a probe. */
    static final StructType PROBES = measures(SUBJECT.add("status", StringType, false)
            .add("message", StringType, true)
            .add("classes", createArrayType(StringType, false), true)
            .add("width", IntegerType, true)
            .add("n_train", LongType, true)
            .add("n_validation", LongType, true)
            .add("n_test", LongType, true)
            .add("strength", StringType, true)
            .add("regularization", DoubleType, true)
            .add("validation_score", DoubleType, true)
            .add("iterations", IntegerType, true)
            .add("converged", BooleanType, true));

    /** A row a linear function: {@code dot(vector, w) + bias} on raw activations is the score of {@code class}. */
    static final StructType DIRECTIONS = SUBJECT.add("class", StringType, true)
            .add("class_index", IntegerType, false)
            .add("w", createArrayType(FloatType, false), false)
            .add("bias", DoubleType, false);

    /** A row a run, label and labelled prompt. */
    static final StructType SPLITS = new StructType()
            .add("run", StringType, false)
            .add("label", StringType, false)
            .add("prompt_id", StringType, false)
            .add("part", StringType, false)
            .add("fold", IntegerType, true)
            .add("value", StringType, false)
            .add("control_value", StringType, true);

    private ProbeTables() {}

    private static StructType measures(StructType columns) {
        StructType all = columns;
        for (String metric : List.of("accuracy", "balanced_accuracy", "auroc", "f1", "log_loss", "r2")) {
            all = all.add(metric, DoubleType, true)
                    .add(metric + "_low", DoubleType, true)
                    .add(metric + "_high", DoubleType, true);
        }
        for (String metric : List.of(
                "train_accuracy",
                "train_r2",
                "majority_accuracy",
                "mean_r2",
                "control_accuracy",
                "control_balanced_accuracy",
                "control_r2",
                "selectivity")) {
            all = all.add(metric, DoubleType, true);
        }
        return all.add("fitted", StringType, true).add("seconds", DoubleType, true);
    }

    private static List<@Nullable Object> subject(ProbeResult.Subject subject) {
        Cell cell = subject.cell();
        return new ArrayList<>(Arrays.asList(
                subject.id(),
                cell.runName(),
                cell.name(),
                cell.module(),
                cell.layer(),
                cell.io(),
                subject.pooling().toString(),
                subject.label(),
                subject.task().toString(),
                subject.kind().toString(),
                subject.standardize()));
    }

    static Row probe(ProbeResult result) {
        List<@Nullable Object> values = subject(result.subject());
        values.add(result.status().name().toLowerCase(Locale.ROOT));
        values.add(result.message().isEmpty() ? null : result.message());
        ProbeResult.Fit fit = result.fit();
        if (fit != null) {
            values.addAll(fit(result, fit));
            values.addAll(measures(fit, result.subject().task() == Task.REGRESSION));
        }
        while (values.size() < PROBES.size()) {
            values.add(null);
        }
        return RowFactory.create(values.toArray());
    }

    private static List<@Nullable Object> fit(ProbeResult result, ProbeResult.Fit fit) {
        LinearModel model = fit.model();
        return Arrays.asList(
                fit.classes().toArray(new String[0]),
                model.weights()[0].length,
                fit.rows().train(),
                fit.rows().validation(),
                fit.rows().test(),
                result.subject().kind().strength(),
                orNull(model.regularization()),
                orNull(fit.validation()),
                model.iterations(),
                model.converged());
    }

    private static List<@Nullable Object> measures(ProbeResult.Fit fit, boolean regression) {
        List<@Nullable Object> values = new ArrayList<>();
        Bootstrap.Intervals ends = fit.intervals();
        double[] test = values(fit.test());
        double[] low = values(ends.low());
        double[] high = values(ends.high());
        for (int i = 0; i < test.length; i++) {
            values.addAll(Arrays.asList(orNull(test[i]), orNull(low[i]), orNull(high[i])));
        }
        Metrics control = fit.control();
        double selectivity =
                regression ? fit.test().r2() - control.r2() : fit.test().accuracy() - control.accuracy();
        values.addAll(Arrays.asList(
                orNull(fit.train().accuracy()),
                orNull(fit.train().r2()),
                regression ? null : orNull(fit.majority()),
                regression ? orNull(fit.majority()) : null,
                orNull(control.accuracy()),
                orNull(control.balancedAccuracy()),
                orNull(control.r2()),
                orNull(selectivity),
                fit.distributed() ? "distributed" : "local",
                fit.seconds()));
        return values;
    }

    private static double[] values(Metrics metrics) {
        return new double[] {
            metrics.accuracy(),
            metrics.balancedAccuracy(),
            metrics.auroc(),
            metrics.f1(),
            metrics.logLoss(),
            metrics.r2()
        };
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    /** A row a class, of two classes the first one's with the signs turned; for numbers one row. */
    static List<Row> directions(ProbeResult result) {
        ProbeResult.Fit fit = result.fit();
        if (fit == null) {
            return List.of();
        }
        List<Row> rows = new ArrayList<>();
        LinearModel model = fit.model();
        boolean binary = fit.classes().size() == 2;
        for (int c = 0; c < Math.max(1, fit.classes().size()); c++) {
            int output = binary ? 0 : c;
            double sign = binary && c == 0 ? -1 : 1;
            List<@Nullable Object> values = subject(result.subject());
            values.add(fit.classes().isEmpty() ? null : fit.classes().get(c));
            values.add(c);
            values.add(floats(model.weights()[output], sign));
            values.add(sign * model.biases()[output]);
            rows.add(RowFactory.create(values.toArray()));
        }
        return rows;
    }

    private static Float[] floats(double[] weights, double sign) {
        Float[] floats = new Float[weights.length];
        Arrays.setAll(floats, i -> (float) (sign * weights[i]));
        return floats;
    }

    static List<Row> splits(RunLabels labels) {
        List<Row> rows = new ArrayList<>();
        List<Map.Entry<String, Integer>> prompts =
                new ArrayList<>(labels.numbers().entrySet());
        prompts.sort(Map.Entry.comparingByValue());
        for (Label label : labels.labels()) {
            for (Map.Entry<String, Integer> prompt : prompts) {
                int number = prompt.getValue();
                if (label.split().partOf(number) != Part.UNUSED) {
                    rows.add(split(labels.run(), label, prompt.getKey(), number));
                }
            }
        }
        return rows;
    }

    private static Row split(String run, Label label, String promptId, int prompt) {
        int fold = label.split().folds()[prompt];
        Label.Shuffled control = label.control();
        return RowFactory.create(
                run,
                label.name(),
                promptId,
                label.split().partOf(prompt).toString(),
                fold < 0 ? null : fold,
                value(label, label.classOfPrompt(), label.valueOfPrompt(), prompt),
                control == null ? null : value(label, control.classOfPrompt(), control.valueOfPrompt(), prompt));
    }

    private static String value(Label label, int[] classes, double[] values, int prompt) {
        return label.isRegression()
                ? Double.toString(values[prompt])
                : label.classes().get(classes[prompt]);
    }
}
