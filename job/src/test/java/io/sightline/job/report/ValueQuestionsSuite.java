package io.sightline.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.sql.LocalSpark;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** The figures of saved values, over views of a few made-up rows. */
public class ValueQuestionsSuite extends JUnitSuite {
    private static LocalSpark spark;

    @BeforeAll
    static void makeTables() {
        spark = LocalSpark.start();
        view(
                "prompts",
                "SELECT 'p' || id AS prompt_id, 'text' AS text, id % 2 = 0 AS even, id AS number FROM range(100)");
        view(
                "activations",
                "SELECT 'a' AS name, CAST(NULL AS INT) AS layer, CAST(NULL AS INT) AS position FROM range(0)");
        view("vocabulary", "SELECT CAST(id AS INT) AS token_id, 'token ' || id AS token FROM range(50)");
        view("values", """
                SELECT 'p' || id AS prompt_id, 0 AS step, kind AS name,
                       CASE kind WHEN 'plain' THEN array(float(id % 4))
                                 WHEN 'edited' THEN array(float(IF(id < 90, id % 4, 7)))
                                 WHEN 'score' THEN array(float(IF(id = 99, 'NaN', id / 8)))
                                 ELSE array(0f, 1f) END AS value
                FROM range(100) CROSS JOIN (SELECT explode(array('plain', 'edited', 'score', 'matrix')) AS kind)""");
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static void view(String name, String sql) {
        spark.session().sql(sql).createOrReplaceTempView("`" + name + "`");
    }

    private static Figure figure(String id) {
        RunContents contents = RunContents.of(spark.session());
        return new ValueQuestions(spark.session(), contents)
                .figures().stream().filter(f -> f.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void onlyOneNumberAPromptIsDrawnAndAColumnOfFewValuesGroupsThem() {
        RunContents contents = RunContents.of(spark.session());
        assertThat(contents.scalars())
                .containsExactly(
                        new RunContents.Scalar("edited", true),
                        new RunContents.Scalar("plain", true),
                        new RunContents.Scalar("score", false));
        assertThat(contents.group()).isEqualTo("even");
        assertThat(contents.prompts()).isEqualTo(100);
    }

    @Test
    void wholeNumbersAreSpelledByTheVocabulary() {
        assertThat(figure("values-edited").rows().get(0)).isEqualTo(List.of(0L, "token 0", 23L, 0.23));
        assertThat(figure("values-edited").columns()).containsExactly("value", "token", "rows", "share");
    }

    @Test
    void unequalAnswersAreCountedByGroupAndByPair() {
        assertThat(figure("differ-even-edited-plain").rows())
                .isEqualTo(List.of(List.of(false, 5L, 50L, 0.1), List.of(true, 5L, 50L, 0.1)));
        assertThat(figure("differ-edited-plain").rows().get(0)).isEqualTo(List.of("token 7", "token 2", 3L));
    }

    @Test
    void otherNumbersAreADistributionOfFiniteValuesByGroup() {
        Figure figure = figure("values-score");
        assertThat(figure.rows()).hasSize(2 * 24);
        assertThat(figure.rows().stream().mapToLong(row -> (Long) row.get(3)).sum())
                .isEqualTo(99);
        assertThat(figure.rows().stream()
                        .mapToDouble(row -> ((Number) row.get(2)).doubleValue())
                        .sum())
                .isBetween(1.99, 2.01);
        assertThat(figure.drawing()).isEqualTo(new Drawing.Lines("value", "share", "even", null, null, List.of()));
    }
}
