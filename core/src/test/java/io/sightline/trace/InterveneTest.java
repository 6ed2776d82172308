package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.envoy.Proxy;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.GraphException;
import io.sightline.graph.Place;
import io.sightline.intervene.Bindings;
import io.sightline.intervene.Edit;
import io.sightline.intervene.Expression;
import io.sightline.intervene.ExpressionType;
import io.sightline.intervene.Intervention;
import io.sightline.intervene.LogitRows;
import io.sightline.intervene.Measure;
import io.sightline.intervene.NameTypes;
import io.sightline.intervene.TokenSelection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The code of docs/INTERVENTIONS.md, and what users meet beside it. */
class InterveneTest {
    private static LanguageModel model;

    @BeforeAll
    static void open() {
        model = LanguageModel.open(Fixtures.repositoryPath("conf/quickstart/model"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void rowsOfOneBatchDifferInLayerAndStrength() {
        String prompt = "<|endoftext|>Lucy said the film was boring and left feeling";
        float[] direction = new float[model.config().size("n_embd")];
        direction[3] = 1;
        Intervention early = new Intervention(
                Place.output("transformer.h.0"),
                TokenSelection.LAST,
                new Edit.Add(Edit.operand(
                        Expression.parse("strength * unit(direction)"),
                        new Bindings(Map.of("strength", 8, "direction", direction)),
                        0)));
        Intervention late = new Intervention(
                Place.output("transformer.h.4"), TokenSelection.at(-1, -2), new Edit.Scale(new Edit.Number(0)));
        try (Scope scope = Scope.open()) {
            Tensor logits =
                    model.intervene(List.of(prompt, prompt, prompt), List.of(List.of(), List.of(early), List.of(late)));
            Measure moved = Measure.of("kl(base)", new NameTypes(Map.of(), 0));
            double[] values = moved.of(
                    new LogitRows(logits),
                    List.of(Bindings.NONE, Bindings.NONE, Bindings.NONE),
                    new int[] {0, 0, 0},
                    text -> model.tokenizer().encode(text).ids()[0]);
            assertThat(values[0]).isZero();
            assertThat(values[1]).isPositive();
            assertThat(values[2]).isPositive().isNotEqualTo(values[1]);
            Tensor alone = model.intervene(List.of(prompt), List.of(List.of(late)));
            assertThat(alone.toFloatArray())
                    .usingComparatorWithPrecision(2e-4f)
                    .containsExactly(logits.select(0, 2).toFloatArray());
        }
    }

    @Test
    void aModuleThatIsNotThereIsNamed() {
        Intervention wrong = new Intervention(
                Place.output("transformer.h.9"), TokenSelection.LAST, new Edit.Scale(new Edit.Number(0)));
        assertThatThrownBy(() -> model.intervene(List.of("3 plus 4"), List.of(List.of(wrong))))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("transformer.h.9");
    }

    @Test
    void aVariableThatIsMisspeltIsFoundBeforeARun() {
        NameTypes names = new NameTypes(Map.of("strength", ExpressionType.NUMBER), 64);
        assertThatThrownBy(() -> Expression.parse("2 * strenght").check(names))
                .hasMessage("line 1, column 5: there is no 'strenght'; did you mean 'strength'? (known: strength)");
    }

    @Test
    void textsAreItemsOfASessionsLoop() {
        try (Scope scope = Scope.open();
                Session session = model.session()) {
            Proxy answers = session.list().save();
            try (Loop loop = session.iter(List.of("3 plus 4 is", "the moon"))) {
                try (Tracer trace = model.trace(loop.item())) {
                    answers.call(
                            "append", model.get("lm_head").output().get(0, -1).argmax(-1));
                    trace.run();
                }
                loop.run();
            }
            session.run();
            assertThat((List<?>) answers.value()).hasSize(2);
        }
    }

    @Test
    void aMaskThatSdpaDoesNotNeedIsExplained() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace("3 plus 4 is")) {
            model.get("transformer.h.1").inputs().get(0).get(3).save();
            Proxy keywords = model.get("transformer.h.1.attn").inputs().get(1);
            keywords.get("attention_mask").call("clone").save();
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("open the model with 'attention: eager' to have one");
        }
    }

    @Test
    void severalPositionsOfATupleAreExplained() {
        try (Scope scope = Scope.open();
                Tracer trace = model.trace("3 plus 4 is")) {
            model.get("transformer.h.1")
                    .output()
                    .get(io.sightline.envoy.Index.all(), -1)
                    .save();
            assertThatThrownBy(trace::run)
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("take one of its items first, get(0)");
        }
    }

    @Test
    void theLargestAndTheNormOfAllAreMethods() {
        Proxy largest;
        Proxy norm;
        try (Scope scope = Scope.open()) {
            try (Tracer trace = model.trace("3 plus 4 is")) {
                Proxy logits = model.get("lm_head").output().get(0, -1);
                largest = logits.topk(3).get(1).save();
                norm = logits.norm().save();
                trace.run();
            }
            assertThat(largest.tensor().shape()).containsExactly(3);
            assertThat(norm.tensor().shape()).isEmpty();
        }
    }
}
