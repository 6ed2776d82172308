package io.sightline.job.probe;

import io.sightline.engine.Device;
import io.sightline.engine.Torch;
import io.sightline.job.probe.fit.Affine;
import io.sightline.job.probe.fit.BaseRows;
import io.sightline.job.probe.fit.Design;
import io.sightline.job.probe.fit.FitRows;
import io.sightline.job.probe.fit.LocalRows;
import io.sightline.job.probe.fit.Moments;
import io.sightline.job.probe.fit.PreparedBlock;
import io.sightline.job.probe.fit.RowBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Rows in blocks all over the cluster. A sum goes up a tree of two levels, as Spark's {@code treeAggregate} does it, but in the order of the partitions
 * and not of their arrival, so that a fit comes out the same each time.
 */
final class SparkRows implements FitRows, AutoCloseable {
    private static final int LARGEST_FLAT_SUM = 32;

    private final JavaSparkContext spark;
    private final JavaRDD<RowBlock> blocks;
    private final Affine base;
    private final String device;
    private final int threads;

    @Nullable
    private Design current;

    @Nullable
    private Broadcast<Design> sent;

    /**
     * @param blocks persisted; in a fixed order
     * @param threads how many threads one operation of the engine may use on a CPU
     */
    SparkRows(JavaSparkContext spark, JavaRDD<RowBlock> blocks, String device, int threads) {
        this.spark = spark;
        this.blocks = blocks;
        this.base = LocalRows.base(blocks.map(Moments::of).collect());
        this.device = device;
        this.threads = threads;
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
        return true;
    }

    @Override
    public Device device() {
        return Device.choose(device);
    }

    @Override
    public double[] sum(Design design, Pass<double[]> pass) {
        JavaRDD<double[]> parts = results(design, pass);
        int partitions = parts.getNumPartitions();
        if (partitions <= LARGEST_FLAT_SUM) {
            return added(parts.collect());
        }
        int groups = (int) Math.ceil(Math.sqrt(partitions));
        JavaPairRDD<Integer, Numbered> keyed = parts.mapPartitionsWithIndex(
                        (index, sums) -> numbered(index, sums), true)
                .mapToPair(part -> new Tuple2<>(part.index() * groups / partitions, part));
        List<Tuple2<Integer, Numbered>> upper = new ArrayList<>(
                keyed.groupByKey(groups).mapValues(SparkRows::addedInOrder).collect());
        upper.sort((a, b) -> Integer.compare(a._1(), b._1()));
        return added(upper.stream().map(pair -> pair._2().sum()).toList());
    }

    /** A partition's sum. */
    private record Numbered(int index, double[] sum) implements Serializable {}

    private static Iterator<Numbered> numbered(int index, Iterator<double[]> sums) {
        List<double[]> own = new ArrayList<>();
        sums.forEachRemaining(own::add);
        return own.isEmpty()
                ? List.<Numbered>of().iterator()
                : List.of(new Numbered(index, added(own))).iterator();
    }

    private static Numbered addedInOrder(Iterable<Numbered> parts) {
        List<Numbered> sorted = new ArrayList<>();
        parts.forEach(sorted::add);
        sorted.sort((a, b) -> Integer.compare(a.index(), b.index()));
        return new Numbered(
                sorted.get(0).index(), added(sorted.stream().map(Numbered::sum).toList()));
    }

    private static double[] added(List<double[]> parts) {
        double @Nullable [] total = null;
        for (double[] part : parts) {
            total = LocalRows.add(total, part);
        }
        return total == null ? new double[0] : total;
    }

    @Override
    public <T extends Serializable> List<T> each(Design design, Pass<T> pass) {
        return results(design, pass).collect();
    }

    private <T> JavaRDD<T> results(Design design, Pass<T> pass) {
        Broadcast<Design> shared = send(design);
        String where = device;
        int most = threads;
        Affine held = base;
        return blocks.map(block -> {
            Torch.setThreads(most);
            try (BaseRows own = new BaseRows(block, held, Device.choose(where));
                    PreparedBlock prepared = new PreparedBlock(own, shared.value())) {
                return pass.of(prepared);
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // a design is prepared for by identity, see Design
    private Broadcast<Design> send(Design design) {
        if (current != design) {
            close();
            sent = spark.broadcast(design);
            current = design;
        }
        return Objects.requireNonNull(sent);
    }

    @Override
    public void close() {
        if (sent != null) {
            sent.destroy();
        }
        sent = null;
        current = null;
    }
}
