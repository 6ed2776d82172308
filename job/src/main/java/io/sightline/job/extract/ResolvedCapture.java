package io.sightline.job.extract;

import io.sightline.engine.Device;
import io.sightline.graph.Place;
import io.sightline.interleave.Capture;
import io.sightline.job.config.TokenSelection;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.write.ActivationGroup;
import java.util.Optional;

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
        implements Output {
    /** What the dimensions of a captured value mean. */
    public enum Layout {
        /** {@code [batch, seq, …]}. */
        BATCH_SEQ,
        /** {@code [batch * seq, …]}, as routers of mixtures of experts have it. */
        FLAT,
        /** {@code [batch, …]}: one row a prompt, without a position. */
        BATCH
    }

    Place place() {
        return input ? Place.input(group.module()) : Place.output(group.module());
    }

    @Override
    public boolean isWantedBy(TokenizedPrompt prompt) {
        return prompt.captured()[request];
    }

    /** Without generation. */
    @Override
    public long rows(int length) {
        return layout == Layout.BATCH ? 1 : tokens.rows(length);
    }

    @Override
    public long bytes(int length) {
        return rows(length) * width * group.type().bytes();
    }

    @Override
    public Optional<Capture> capture(BatchRows batch, Device device, OutputRows.Receiver receiver) {
        CaptureTap tap = new CaptureTap(this, batch, device, receiver);
        return tap.isWanted() ? Optional.of(new Capture(place(), tap)) : Optional.empty();
    }
}
