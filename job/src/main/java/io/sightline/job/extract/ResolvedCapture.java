package io.sightline.job.extract;

import io.sightline.graph.Place;
import io.sightline.job.config.TokenSelection;
import io.sightline.job.table.write.ActivationGroup;
import java.io.Serializable;

/**
 * One capture at one module of this model.
 *
 * @param request the number of the job file's capture
 * @param group what its rows share in the table
 * @param invoke which text column's rows
 * @param layout where batch and tokens are in the value
 * @param width numbers in a row
 */
public record ResolvedCapture(
        int request, ActivationGroup group, boolean input, TokenSelection tokens, int invoke, Layout layout, int width)
        implements Serializable {
    /** What the dimensions of a captured value mean. */
    public enum Layout {
        /** {@code [batch, seq, …]}. */
        BATCH_SEQ,
        /** {@code [batch * seq, …]}, as routers of mixtures of experts have it. */
        FLAT,
        /** {@code [batch, …]}: one row a prompt, without a position. */
        BATCH
    }

    public Place place() {
        return input ? Place.input(group.module()) : Place.output(group.module());
    }

    /** Rows that a prompt of {@code length} tokens gives, without generation. */
    public int rows(int length) {
        return layout == Layout.BATCH ? 1 : tokens.rows(length);
    }
}
