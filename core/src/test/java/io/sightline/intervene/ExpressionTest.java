package io.sightline.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final NameTypes NAMES = new NameTypes(
            Map.of(
                    "strength",
                    ExpressionType.NUMBER,
                    "sentiment",
                    ExpressionType.vector(2),
                    "wide",
                    ExpressionType.vector(3),
                    "answer",
                    ExpressionType.TEXT),
            2);
    private static final Bindings ROW =
            new Bindings(Map.of("strength", 2, "sentiment", new float[] {3, 4}, "answer", " happy"));

    @ParameterizedTest
    @CsvSource({
        "1 + 2 * 3, 7",
        "(1 + 2) * 3, 9",
        "8 / 2 / 2, 2",
        "2 - 3 - 4, -5",
        "-strength * -3, 6",
        "--2, 2",
        "norm(sentiment) / 2, 2.5",
        "1.5e1 - .5, 14.5"
    })
    void numbersFollowPythonsPrecedence(String text, double value) {
        assertThat(Expression.parse(text).check(NAMES)).isEqualTo(ExpressionType.NUMBER);
        assertThat(Expression.parse(text).evaluate(ROW)).isEqualTo(value);
    }

    @Test
    void vectorsTakeNumbersAndEachOther() {
        assertThat((float[]) Expression.parse("strength * unit(sentiment) + sentiment - 1")
                        .evaluate(ROW))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(3.2f, 4.6f);
        assertThat(Expression.parse("2 * base - sentiment").check(NAMES)).isEqualTo(ExpressionType.vector(2));
        assertThat(Expression.parse("norm(base)").usesBase()).isTrue();
        assertThat(Expression.parse("strength * sentiment").usesBase()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "strenght * 2|line 1, column 1: there is no 'strenght'; did you mean 'strength'? (known: answer, sentiment, strength, wide)",
                "2 * (1 + |line 1, column 9: it ends where a number, a name or '(' is expected",
                "sentiment + wide|line 1, column 11: '+' takes a vector of 2 numbers and a vector of 3 numbers; their widths differ",
                "2 * answer|line 1, column 5: 'answer' is a text, which can't be computed with",
                "nrm(sentiment)|line 1, column 1: there is no function 'nrm'; did you mean 'norm'? (known: norm, unit)",
                "unit(strength)|line 1, column 1: unit() takes one vector",
                "1 2|line 1, column 3: '2' is not expected here; an expression goes on with + - * / or ends",
                "a.b|line 1, column 2: '.' is not expected here; an expression goes on with + - * / or ends",
                "'open|line 1, column 1: the text that begins here has no closing '",
                "1.2.3|line 1, column 1: '1.2.3' is not a number"
            })
    void whatIsWrongIsSaidWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> Expression.parse(text).check(NAMES))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(message);
    }

    @Test
    void aSecondLineIsCounted() {
        assertThatThrownBy(() -> Expression.parse("1 +\n  * 2")).hasMessageStartingWith("line 2, column 3: '*'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "top_tokn|line 1, column 1: there is no 'top_tokn'; did you mean 'top_token'? (measures: top_token, probability(text), logit(text), kl(base), changed(top_token), entropy)",
                "top_token + 1|line 1, column 1: top_token is a token, which can't be computed with",
                "probability(strength)|line 1, column 1: probability() takes a text or the name of a text column",
                "kl(1)|line 1, column 1: kl() takes base",
                "probabilty(answer)|line 1, column 1: there is no measure 'probabilty'; did you mean 'probability'?",
                "'happy'|line 1, column 1: a text is not a measure; probability('…') or logit('…') of it is one"
            })
    void measuresAreCheckedAlike(String text, String message) {
        assertThatThrownBy(() -> Measure.of(text, NAMES))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(message);
    }

    @Test
    void anyTextIsReadOrRefusedWithItsPlace() {
        Random random = new Random(7);
        String letters = "ab1.+-*/(),'\" \n_éx0eE\\";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(16); length >= 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                Expression.parse(text.toString()).check(NAMES);
            } catch (ExpressionException e) {
                assertThat(e.getMessage()).startsWith("line ");
            }
        }
        assertThatThrownBy(() -> Expression.parse("(".repeat(10_000)))
                .hasMessageContaining("nested more than 100 deep");
    }
}
