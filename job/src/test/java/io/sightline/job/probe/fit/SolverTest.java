package io.sightline.job.probe.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.engine.Device;
import io.sightline.engine.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each solution is held against the equations that define it, worked out here in float64 from the raw rows. */
class SolverTest {
    private static final Solver.Stop STOP = new Solver.Stop(1e-5, 500);

    private final SyntheticRows data = new SyntheticRows(600, 24, 7);
    private long before;

    @BeforeEach
    void count() {
        before = Torch.liveTensors();
    }

    @AfterEach
    void everythingIsFreed() {
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private List<List<LinearModel>> fit(Solver solver, Targets targets, boolean standardize) {
        return fit(solver, targets, standardize, data.parts(), List.of(data.block()));
    }

    private static List<List<LinearModel>> fit(
            Solver solver, Targets targets, boolean standardize, byte[] parts, List<RowBlock> blocks) {
        try (LocalRows rows = new LocalRows(blocks, Device.CPU)) {
            Moments moments = Moments.of(rows, new Design(parts, targets, Affine.identity(rows.width())));
            Affine coordinates = moments.coordinates(standardize);
            Design design = new Design(parts, targets, coordinates);
            try (CurvatureCache curvatures = new CurvatureCache()) {
                return solver.fit(new Training(rows, design, moments, curvatures)).stream()
                        .map(models -> models.stream().map(coordinates::toRaw).toList())
                        .toList();
            }
        }
    }

    private double[] row(int row) {
        double[] x = new double[data.width];
        Arrays.setAll(x, i -> data.values[row * data.width + i]);
        return x;
    }

    private double score(LinearModel raw, int output, int row) {
        return VectorMath.dot(raw.weights()[output], row(row)) + raw.biases()[output];
    }

    /** The gradient of mean loss + |w|²/(2 C n) by raw weight and bias; {@code residual} is p - y. */
    private double gradientNorm(LinearModel model, double c, IntToDoubleFunction residual, int output) {
        double[] gradient = new double[data.width];
        double bias = 0;
        int n = 0;
        for (int r = 0; r < data.rows; r++) {
            if (r % 5 != 4) {
                double residue = residual.applyAsDouble(r);
                VectorMath.addTo(gradient, residue, row(r));
                bias += residue;
                n++;
            }
        }
        VectorMath.addTo(gradient, 1 / c, model.weights()[output]);
        return (VectorMath.norm(gradient) + Math.abs(bias)) / n;
    }

    @Test
    void binaryLogisticRegressionReachesTheMinimumOfScikitLearnsObjective() {
        int[] y = data.classes(2);
        for (double c : new double[] {0.01, 1, 100}) {
            LinearModel model = fit(Solver.of(Kind.LOGISTIC, List.of(c), STOP), Targets.ofClasses(2, y), false)
                    .get(0)
                    .get(0);
            assertThat(model.converged()).isTrue();
            assertThat(gradientNorm(model, c, r -> 1 / (1 + Math.exp(-score(model, 0, r))) - y[r], 0))
                    .isLessThan(2e-5);
        }
    }

    @Test
    void multinomialLogisticRegressionReachesTheMinimumOfScikitLearnsObjective() {
        int[] y = data.classes(5);
        LinearModel model = fit(Solver.of(Kind.LOGISTIC, List.of(0.5), STOP), Targets.ofClasses(5, y), false)
                .get(0)
                .get(0);
        assertThat(model.converged()).isTrue();
        for (int output = 0; output < 5; output++) {
            int o = output;
            assertThat(gradientNorm(model, 0.5, r -> softmax(model, r)[o] - (y[r] == o ? 1 : 0), o))
                    .isLessThan(2e-5);
        }
    }

    private double[] softmax(LinearModel model, int row) {
        double[] p = new double[model.outputs()];
        Arrays.setAll(p, o -> Math.exp(score(model, o, row)));
        VectorMath.scale(p, 1 / Arrays.stream(p).sum());
        return p;
    }

    @Test
    void variantsAndStrengthsFittedTogetherEqualThoseFittedAlone() {
        int[] y = data.classes(2);
        int[] other = data.classes(2);
        List<List<LinearModel>> together =
                fit(Solver.of(Kind.LOGISTIC, List.of(0.1, 10.0), STOP), Targets.ofClasses(2, y, other), true);
        LinearModel alone = fit(Solver.of(Kind.LOGISTIC, List.of(10.0), STOP), Targets.ofClasses(2, other), true)
                .get(0)
                .get(0);
        LinearModel same = together.get(1).get(1);
        assertThat(VectorMath.norm(VectorMath.plus(same.weights()[0], -1, alone.weights()[0])))
                .isLessThan(1e-4 * VectorMath.norm(alone.weights()[0]));
        assertThat(together.get(0).get(1).weights()[0]).isNotEqualTo(same.weights()[0]);
    }

    @Test
    void ridgeSolvesTheNormalEquations() {
        double[] y = data.numbers();
        LinearModel model = fit(Solver.of(Kind.RIDGE, List.of(3.0), STOP), Targets.ofNumbers(y), false)
                .get(0)
                .get(0);
        assertThat(gradientNorm(model, 1 / 3.0, r -> score(model, 0, r) - y[r], 0))
                .isLessThan(1e-5);
    }

    @Test
    void aSplitIntoBlocksGivesTheSameFit() {
        int[] y = data.classes(3);
        int[] prompts = data.block().prompts();
        RowBlock first =
                new RowBlock(data.width, Arrays.copyOf(prompts, 250), Arrays.copyOf(data.values, 250 * data.width));
        RowBlock second = new RowBlock(
                data.width,
                Arrays.copyOfRange(prompts, 250, 600),
                Arrays.copyOfRange(data.values, 250 * data.width, 600 * data.width));
        for (Kind kind : Kind.values()) {
            Solver solver = Solver.of(kind, List.of(0.5), STOP);
            LinearModel whole =
                    fit(solver, Targets.ofClasses(3, y), true).get(0).get(0);
            LinearModel split = fit(solver, Targets.ofClasses(3, y), true, data.parts(), List.of(first, second))
                    .get(0)
                    .get(0);
            for (int o = 0; o < 3; o++) {
                assertThat(VectorMath.norm(VectorMath.plus(whole.weights()[o], -1, split.weights()[o])))
                        .as(kind.toString())
                        .isLessThan(1e-4 * VectorMath.norm(whole.weights()[o]));
            }
        }
    }

    @Test
    void meanDifferenceIsTheDifferenceOfRawMeansWhetherStandardisedOrNot() {
        int[] y = data.classes(2);
        double[] expected = new double[data.width];
        long ones = IntStream.range(0, data.rows)
                .filter(r -> r % 5 != 4 && y[r] == 1)
                .count();
        long zeros = IntStream.range(0, data.rows)
                .filter(r -> r % 5 != 4 && y[r] == 0)
                .count();
        for (int r = 0; r < data.rows; r++) {
            if (r % 5 != 4) {
                VectorMath.addTo(expected, y[r] == 1 ? 1.0 / ones : -1.0 / zeros, row(r));
            }
        }
        for (boolean standardize : new boolean[] {true, false}) {
            LinearModel model = fit(
                            Solver.of(Kind.MEAN_DIFFERENCE, List.of(), STOP), Targets.ofClasses(2, y), standardize)
                    .get(0)
                    .get(0);
            for (int i = 0; i < data.width; i++) {
                assertThat(model.weights()[0][i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    @Test
    void separableClassesAndAConstantFeatureStillGiveAFiniteFit() {
        float[] values = new float[40 * 3];
        int[] y = new int[40];
        int[] prompts = new int[40];
        for (int r = 0; r < 40; r++) {
            y[r] = r % 2;
            prompts[r] = r;
            values[r * 3] = y[r] == 1 ? 10 + r : -10 - r;
            values[r * 3 + 1] = 4.2f;
            values[r * 3 + 2] = r;
        }
        byte[] parts = new byte[40];
        Arrays.fill(parts, Part.TRAIN.code());
        for (Kind kind : Kind.values()) {
            LinearModel model = fit(
                            Solver.of(kind, List.of(0.5), STOP),
                            Targets.ofClasses(2, y),
                            true,
                            parts,
                            List.of(new RowBlock(3, prompts, values)))
                    .get(0)
                    .get(0);
            assertThat(model.weights()[0][0]).as(kind.toString()).isFinite().isPositive();
            assertThat(model.weights()[0][1]).as(kind.toString()).isCloseTo(0, within(1e-5));
        }
    }

    @Test
    void aSingularCovarianceWithoutShrinkageIsRefusedWithAWayOut() {
        float[] values = {1, 1, 2, 2, 3, 3, 5, 5};
        byte[] parts = {1, 1, 1, 1};
        RowBlock block = new RowBlock(2, new int[] {0, 1, 2, 3}, values);
        assertThatThrownBy(() -> fit(
                        Solver.of(Kind.LDA, List.of(0.0), STOP),
                        Targets.ofClasses(2, new int[] {0, 0, 1, 1}),
                        false,
                        parts,
                        List.of(block)))
                .isInstanceOf(FitException.class)
                .hasMessageContaining("larger alpha or shrinkage");
    }
}
