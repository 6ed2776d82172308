package io.sightline.job.sql.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class CellTextTest {
    @Test
    void aLongVectorIsShortenedToFourDigitsAndItsLength() {
        List<Object> vector = new ArrayList<>(List.of(0.123456f, -1.3f, 2e-7f));
        vector.addAll(Collections.nCopies(125, 0f));
        assertThat(CellText.of(seq(vector))).isEqualTo("[0.1235, -1.3, 2E-7, … 128 values]");
    }

    @Test
    void aShortVectorIsShownWhole() {
        assertThat(CellText.of(
                        seq(Arrays.asList(1.0, 12345.678, Double.NaN, Double.NEGATIVE_INFINITY, null, 0.0, -0.5, 3))))
                .isEqualTo("[1, 12346, NaN, -Infinity, NULL, 0, -0.5, 3]");
    }

    @Test
    void aNumberAloneKeepsItsDigits() {
        assertThat(CellText.of(0.12345678901234)).isEqualTo("0.12345678901234");
        assertThat(CellText.of(42L)).isEqualTo("42");
        assertThat(CellText.of(null)).isEqualTo("NULL");
    }

    @Test
    void controlCharactersAreWrittenOutAndLongTextIsCut() {
        assertThat(CellText.of("a\n\t\u001b[31mb")).isEqualTo("a\\n\\t\\u001b[31mb");
        assertThat(CellText.of("é".repeat(101))).isEqualTo("é".repeat(100) + "…");
    }

    @Test
    void bytesMapsAndRowsHaveAForm() {
        assertThat(CellText.of(new byte[] {0, (byte) 0x3c})).isEqualTo("0x003c");
        assertThat(CellText.of(new byte[256])).isEqualTo("0x0000000000000000… 256 bytes");
        assertThat(CellText.of(RowFactory.create(1, "x"))).isEqualTo("{1, x}");
        assertThat(CellText.of(JavaConverters.mapAsScalaMap(Collections.singletonMap("k", 0.25))))
                .isEqualTo("{k: 0.25}");
    }

    private static Object seq(List<?> elements) {
        return JavaConverters.asScalaBuffer(elements);
    }
}
