package io.sightline.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.graph.Place;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What edits do to a tensor, without a model. */
class BatchEditsTest {
    private static final Place PLACE = Place.output("h.0");

    private static Intervention add(TokenSelection tokens, double number) {
        return new Intervention(PLACE, tokens, new Edit.Add(new Edit.Number(number)));
    }

    /** Two rows of three tokens of two zeros each; the second row's first token is a pad. */
    private static float[] edited(List<Intervention> first, List<Intervention> second, int call) {
        try (Scope scope = Scope.open()) {
            Tensor value = Tensor.of(new float[12], 2, 3, 2);
            return new BatchEdits(List.of(first, second), List.of(3, 2))
                    .apply(PLACE, call, value)
                    .toFloatArray();
        }
    }

    @Test
    void tokensAreCountedWithoutPads() {
        assertThat(edited(
                        List.of(add(TokenSelection.at(0, -1), 1)),
                        List.of(add(TokenSelection.FIRST, 2), add(TokenSelection.at(1, 1), 5)),
                        0))
                .containsExactly(1, 1, 0, 0, 1, 1, 0, 0, 2, 2, 5, 5);
    }

    @Test
    void padsAreLeftAloneByAll() {
        assertThat(edited(List.of(), List.of(add(TokenSelection.ALL, 7)), 0))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7);
    }

    @Test
    void aGenerationsStepHasItsOwnTokenOnly() {
        try (Scope scope = Scope.open()) {
            Tensor step = Tensor.of(new float[4], 2, 1, 2);
            BatchEdits edits = new BatchEdits(
                    List.of(List.of(add(TokenSelection.GENERATED, 1)), List.of(add(TokenSelection.PROMPT, 2))),
                    List.of(3, 2));
            assertThat(edits.apply(PLACE, 1, step).toFloatArray()).containsExactly(1, 1, 0, 0);
            Tensor prompt = Tensor.of(new float[12], 2, 3, 2);
            assertThat(edits.apply(PLACE, 0, prompt).toFloatArray())
                    .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2);
        }
    }

    @Test
    void flattenedTokensAndValuesThatAllRowsShareAreChangedByRow() {
        try (Scope scope = Scope.open()) {
            BatchEdits edits = new BatchEdits(List.of(List.of(), List.of(add(TokenSelection.LAST, 1))), List.of(3, 2));
            assertThat(edits.apply(PLACE, 0, Tensor.of(new float[6], 6, 1)).toFloatArray())
                    .containsExactly(0, 0, 0, 0, 0, 1);
            Tensor shared = edits.apply(PLACE, 0, Tensor.of(new float[3], 1, 3, 1));
            assertThat(shared.shape()).containsExactly(2, 3, 1);
            assertThat(shared.toFloatArray()).containsExactly(0, 0, 0, 0, 0, 1);
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Intervention wide =
                new Intervention(PLACE, TokenSelection.ALL, new Edit.Add(new Edit.Vector(new float[] {1, 2, 3})));
        assertThatThrownBy(() -> edited(List.of(wide), List.of(), 0))
                .hasMessage("cannot change h.0.output: a vector of 3 numbers does not fit; the module's have 2");
        assertThatThrownBy(() -> edited(List.of(), List.of(add(TokenSelection.at(2), 1)), 0))
                .hasMessage("cannot change h.0.output: the prompt has 2 tokens, none at position 2");
        Intervention zero =
                new Intervention(PLACE, TokenSelection.ALL, new Edit.ProjectOut(new Edit.Vector(new float[] {0, 0})));
        assertThatThrownBy(() -> edited(List.of(zero), List.of(), 0))
                .hasMessageContaining("project_out takes a vector that is not zero");
        Intervention patch = new Intervention(PLACE, TokenSelection.ALL, new Edit.PatchFrom(1, TokenSelection.ALL));
        assertThatThrownBy(() -> edited(List.of(patch), List.of(), 0))
                .hasMessageContaining("patch takes 2 tokens to put them in the place of 3");
        assertThatThrownBy(() -> new Heads(List.of(4), 4)).hasMessage("no head 4: the module has the heads 0 to 3");
    }

    @Test
    void givenVectorsTakeTheTokensPlaces() {
        Intervention patch = new Intervention(
                PLACE, TokenSelection.at(-1, 0), new Edit.PatchWith(List.of(new float[] {1, 2}, new float[] {3, 4})));
        assertThat(edited(List.of(patch), List.of(), 0)).startsWith(3, 4, 0, 0, 1, 2);
    }

    @Test
    void measuresAreThoseOfTheLogits() {
        try (Scope scope = Scope.open()) {
            Tensor logits = Tensor.of(new float[] {0, 1, 2, 0, 0, 0, 3, 1, 0}, 3, 3);
            var names = new NameTypes(
                    Map.of(
                            "answer", ExpressionType.TEXT,
                            "k", ExpressionType.NUMBER),
                    0);
            List<Bindings> rows = List.of(
                    new Bindings(Map.of("answer", "a", "k", 1)),
                    new Bindings(Map.of("answer", "b", "k", 2)),
                    new Bindings(Map.of("answer", "a", "k", 3)));
            int[] bases = {0, 0, 0};
            Function<String, double[]> measure = text ->
                    Measure.of(text, names).of(new LogitRows(logits), rows, bases, token -> token.equals("a") ? 1 : 2);
            assertThat(measure.apply("top_token")).containsExactly(2, 0, 0);
            assertThat(measure.apply("changed(top_token)")).containsExactly(0, 1, 1);
            assertThat(measure.apply("logit(answer) - logit('b') * k")).containsExactly(-1, 0, 1);
            assertThat(measure.apply("probability(answer)")[0]).isCloseTo(0.24472847, within(1e-7));
            assertThat(measure.apply("entropy")[1]).isCloseTo(Math.log(3), within(1e-12));
            assertThat(measure.apply("kl(base)")[0]).isZero();
            assertThat(measure.apply("kl(base)")[1]).isCloseTo(0.266216707, within(1e-7));
        }
    }
}
