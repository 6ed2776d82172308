package io.sightline.job.table.write;

import java.util.Comparator;

/** Consecutive rows of one prompt, step and group: what one append brought. */
record ActivationRun(PromptRef prompt, int step, TokenSpan tokens, StoredRows rows, int bytesPerNumber)
        implements Sliceable<ActivationRun> {
    /** Prompt, step, position. A step's tokens come after those of the step before, so rows are sorted by position too. */
    static final Comparator<ActivationRun> FILE_ORDER = Comparator.comparingInt(
                    (ActivationRun run) -> run.prompt.ordinal())
            .thenComparingInt(ActivationRun::step)
            .thenComparingInt(ActivationRun::firstPosition);

    @Override
    public ActivationRun slice(int first, int count) {
        TokenSpan part = tokens.isPooled() ? tokens : tokens.slice(first, count);
        return new ActivationRun(prompt, step, part, rows.slice(first, count, bytesPerNumber), bytesPerNumber);
    }

    int firstPosition() {
        return tokens.isPooled() ? -1 : tokens.positionOf(0);
    }

    /** Whether {@code next}, which sorts after this run, has a row that this run has too. */
    boolean overlaps(ActivationRun next) {
        return prompt.ordinal() == next.prompt.ordinal()
                && step == next.step
                && next.firstPosition() < firstPosition() + rows.rows();
    }
}
