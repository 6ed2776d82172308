package io.sightline.job.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.config.CaptureRequest;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.TokenSelection;
import io.sightline.job.extract.OutputRequest.Observed;
import io.sightline.job.extract.ResolvedCapture.Layout;
import org.junit.jupiter.api.Test;

/** Two batches, of 3 prompts of 8 tokens and of 2 prompts of 7 tokens, show which dimensions are batch and sequence. */
class OutputRequestTest {
    private static Observed large(long... shape) {
        return new Observed(3, 1, 8, shape);
    }

    private static Observed small(long... shape) {
        return new Observed(2, 1, 7, shape);
    }

    private static CaptureTarget capture(TokenSelection.Kind tokens) {
        CaptureRequest request =
                new CaptureRequest("resid", "transformer.h.*", false, TokenSelection.of(tokens), "float32", null, null);
        return new CaptureTarget(0, request, "transformer.h.5", 0);
    }

    private static SavedValue saved(Observed large, Observed small) {
        return new SavedNode("1", "node", "name", 0, 0).resolve(large, small);
    }

    @Test
    void aCaptureOfBatchAndTokensHasARowForEachToken() {
        ResolvedCapture all = capture(TokenSelection.Kind.ALL).resolve(large(3, 8, 4, 16), small(2, 7, 4, 16));
        assertThat(all.layout()).isEqualTo(Layout.BATCH_SEQ);
        assertThat(all.width()).isEqualTo(64);
        assertThat(all.group().layer()).isEqualTo(5);
        assertThat(all.rows(10)).isEqualTo(10);
        assertThat(all.bytes(10)).isEqualTo(10 * 64 * 4);
        ResolvedCapture last = capture(TokenSelection.Kind.LAST).resolve(large(3, 8, 4), small(2, 7, 4));
        assertThat(last.rows(10)).isEqualTo(1);
    }

    @Test
    void aCaptureOfTokensInOneDimensionIsFlat() {
        ResolvedCapture flat = capture(TokenSelection.Kind.ALL).resolve(large(24, 6), small(14, 6));
        assertThat(flat.layout()).isEqualTo(Layout.FLAT);
        assertThat(flat.width()).isEqualTo(6);
    }

    @Test
    void aCaptureWithoutTokensHasOneRowForAPrompt() {
        ResolvedCapture pooled = capture(TokenSelection.Kind.ALL).resolve(large(3, 9), small(2, 9));
        assertThat(pooled.layout()).isEqualTo(Layout.BATCH);
        assertThat(pooled.rows(10)).isEqualTo(1);
    }

    @Test
    void invokesAreRowsOfTheBatch() {
        ResolvedCapture two = capture(TokenSelection.Kind.ALL)
                .resolve(new Observed(3, 2, 8, new long[] {6, 8, 5}), new Observed(2, 2, 7, new long[] {4, 7, 5}));
        assertThat(two.layout()).isEqualTo(Layout.BATCH_SEQ);
        assertThat(two.width()).isEqualTo(5);
    }

    @Test
    void aCaptureThatCannotBeSplitIsRefusedWithItsShape() {
        assertThatThrownBy(() -> capture(TokenSelection.Kind.ALL).resolve(large(4, 8, 8), small(4, 7, 7)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("[4, seq, seq]")
                .hasMessageContaining("expected [batch, seq, …]");
        assertThatThrownBy(() -> capture(TokenSelection.Kind.ALL)
                        .resolve(new Observed(3, 1, 8, null), new Observed(2, 1, 7, null)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not call module 'transformer.h.5', so it has no output");
    }

    @Test
    void aDimensionThatGrowsWithTheBatchIsOneOfTokens() {
        SavedValue attention = saved(large(3, 12, 8, 8), small(2, 12, 7, 7));
        assertThat(attention.sequence()).containsExactly(SavedValue.FIXED, 0, 0);
        assertThat(attention.bytes(10)).isEqualTo(12 * 10 * 10 * 4);
        SavedValue withoutFirst = saved(large(3, 7, 64), small(2, 6, 64));
        assertThat(withoutFirst.sequence()).containsExactly(-1, SavedValue.FIXED);
        assertThat(withoutFirst.bytes(10)).isEqualTo(9 * 64 * 4);
    }

    @Test
    void aDimensionThatHappensToHaveTheBatchesWidthIsFixed() {
        SavedValue fixed = saved(large(3, 8), small(2, 8));
        assertThat(fixed.sequence()).containsExactly(SavedValue.FIXED);
        assertThat(fixed.bytes(10)).isEqualTo(8 * 4);
        assertThat(fixed.rows(10)).isEqualTo(1);
    }

    @Test
    void whereOnlyOneBatchRanItsWidthDecides() {
        Observed only = large(3, 8, 64);
        assertThat(saved(only, only).sequence()).containsExactly(0, SavedValue.FIXED);
    }

    @Test
    void aSavedValueWithoutTheBatchInFrontIsRefused() {
        assertThatThrownBy(() -> saved(large(8, 3), small(7, 2)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the saved node 'node' is a tensor of shape [seq, batch]")
                .hasMessageContaining("with the batch first, [batch, …]");
        assertThatThrownBy(() -> saved(new Observed(3, 1, 8, null), new Observed(2, 1, 7, null)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not a tensor");
    }
}
