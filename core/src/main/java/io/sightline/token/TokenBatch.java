package io.sightline.token;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import java.util.List;

/**
 * Rows of token ids as one batch, padded on the left. It owns its three tensors, int64 {@code [batch, seq]}: the ids, the attention mask (1
 * at real tokens, 0 at pads), and the position ids, which count real tokens from 0 and are 1 at pads, as transformers' {@code generate} makes
 * them.
 */
public final class TokenBatch implements AutoCloseable {
    private final Tensor inputIds;
    private final Tensor attentionMask;
    private final Tensor positionIds;
    private final int[] lengths;
    private final int width;

    private TokenBatch(Tensor inputIds, Tensor attentionMask, Tensor positionIds, int[] lengths, int width) {
        this.inputIds = inputIds;
        this.attentionMask = attentionMask;
        this.positionIds = positionIds;
        this.lengths = lengths;
        this.width = width;
    }

    /**
     * Pads {@code rows} to the longest.
     *
     * @throws IllegalArgumentException if there are no rows, or one is empty
     */
    public static TokenBatch leftPadded(List<long[]> rows, long padId, Device device) {
        int[] lengths = rows.stream().mapToInt(row -> row.length).toArray();
        int width = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == 0) {
                throw new IllegalArgumentException("row " + i + " of the batch has no tokens");
            }
            width = Math.max(width, lengths[i]);
        }
        if (width == 0) {
            throw new IllegalArgumentException("a batch needs at least one row");
        }
        return fill(rows, lengths, width, padId, device);
    }

    private static TokenBatch fill(List<long[]> rows, int[] lengths, int width, long padId, Device device) {
        LeftPadding padding = new LeftPadding(rows.size(), width);
        List<long[]> masks = LeftPadding.masks(rows);
        return new TokenBatch(
                place(padding, rows, padId, device),
                place(padding, masks, 0, device),
                place(padding, LeftPadding.positions(masks), LeftPadding.PAD_POSITION, device),
                lengths,
                width);
    }

    private static Tensor place(LeftPadding padding, List<long[]> rows, long pad, Device device) {
        Tensor host = Tensor.of(padding.pad(rows, pad), padding.rows(), padding.width())
                .release();
        if (device.isCpu()) {
            return host;
        }
        try (host) {
            return host.to(device).release();
        }
    }

    public Tensor inputIds() {
        return inputIds;
    }

    public Tensor attentionMask() {
        return attentionMask;
    }

    public Tensor positionIds() {
        return positionIds;
    }

    /** How many real tokens each row has. */
    public int[] lengths() {
        return lengths.clone();
    }

    /** How many rows there are. */
    public int size() {
        return lengths.length;
    }

    /** How many columns there are, pads included. */
    public int width() {
        return width;
    }

    @Override
    public void close() {
        inputIds.close();
        attentionMask.close();
        positionIds.close();
    }
}
