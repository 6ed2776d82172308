package io.sightline.job.probe.fit;

import io.sightline.engine.Device;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in this process. Their tensor is made once and freed when this closes; what one design needs besides
 * is freed when the next design comes. */
public final class LocalRows implements FitRows, AutoCloseable {
    private final List<BaseRows> blocks;
    private final Affine base;
    private final Device device;
    private final List<PreparedBlock> prepared = new ArrayList<>();

    @Nullable
    private Design current;

    /**
     * @param blocks at least one, all of the same width
     * @param device where fits run
     */
    public LocalRows(List<RowBlock> blocks, Device device) {
        this.device = device;
        base = base(blocks.stream().map(Moments::of).toList());
        this.blocks =
                blocks.stream().map(block -> new BaseRows(block, base, device)).toList();
    }

    /** The {@linkplain #base base coordinates} of blocks that have these moments. */
    public static Affine base(List<Moments> blocks) {
        return Affine.base(Moments.pooled(blocks));
    }

    @Override
    public int width() {
        return base.width();
    }

    @Override
    public Affine base() {
        return base;
    }

    @Override
    public boolean areDistributed() {
        return false;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public double[] sum(Design design, Pass<double[]> pass) {
        double @Nullable [] total = null;
        for (PreparedBlock block : preparedFor(design)) {
            total = add(total, pass.of(block));
        }
        return total == null ? new double[0] : total;
    }

    /** Adds in place; {@code null} stands for no sum yet. */
    public static double[] add(double @Nullable [] total, double[] part) {
        if (total == null) {
            return part;
        }
        for (int i = 0; i < total.length; i++) {
            total[i] += part[i];
        }
        return total;
    }

    @Override
    public <T extends Serializable> List<T> each(Design design, Pass<T> pass) {
        List<T> results = new ArrayList<>();
        for (PreparedBlock block : preparedFor(design)) {
            results.add(pass.of(block));
        }
        return results;
    }

    @SuppressWarnings("ReferenceEquality") // a design is prepared for by identity, see Design
    private List<PreparedBlock> preparedFor(Design design) {
        if (current != design) {
            forget();
            blocks.forEach(block -> prepared.add(new PreparedBlock(block, design)));
            current = design;
        }
        return prepared;
    }

    private void forget() {
        prepared.forEach(PreparedBlock::close);
        prepared.clear();
        current = null;
    }

    @Override
    public void close() {
        forget();
        blocks.forEach(BaseRows::close);
    }
}
