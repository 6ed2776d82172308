package io.sightline.job.sql;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ImplicitCastInputTypes;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.TypedImperativeAggregate;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import scala.collection.IndexedSeq;
import scala.collection.Seq;

/** A call of a {@link VectorStatistic} as a Catalyst aggregate; its buffer is the {@code double[]} state of an {@link Accumulation}. */
public final class VectorAggregate extends TypedImperativeAggregate<double[]>
        implements ImplicitCastInputTypes, Serializable {
    private final Expression child;
    private final int mutableAggBufferOffset;
    private final int inputAggBufferOffset;
    private final VectorStatistic statistic;

    /** The order is Catalyst's: {@link #productElement}, then {@link #otherCopyArgs}. */
    public VectorAggregate(
            Expression child, int mutableAggBufferOffset, int inputAggBufferOffset, VectorStatistic statistic) {
        this.child = child;
        this.mutableAggBufferOffset = mutableAggBufferOffset;
        this.inputAggBufferOffset = inputAggBufferOffset;
        this.statistic = statistic;
    }

    @Override
    public double[] createAggregationBuffer() {
        return Accumulation.NOTHING;
    }

    @Override
    public double[] update(double[] state, InternalRow row) {
        return statistic.update(state, child.dataType(), child.eval(row));
    }

    @Override
    public double[] merge(double[] state, double[] other) {
        return statistic.merge(state, other);
    }

    @Override
    public @Nullable Object eval(double[] state) {
        return statistic.result(state);
    }

    @Override
    public byte[] serialize(double[] state) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(state.length, Double.BYTES));
        bytes.asDoubleBuffer().put(state);
        return bytes.array();
    }

    @Override
    public double[] deserialize(byte[] bytes) {
        double[] state = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(state);
        return state;
    }

    @Override
    public DataType dataType() {
        return statistic.type();
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public Seq<AbstractDataType> inputTypes() {
        return ScalaLists.scala(List.of(ParameterType.VECTOR.accepted()));
    }

    /** Java would prefer Expression's "all is well" over the interface's check. */
    @Override
    public TypeCheckResult checkInputDataTypes() {
        return ImplicitCastInputTypes.super.checkInputDataTypes();
    }

    @Override
    public String prettyName() {
        return statistic.sqlName();
    }

    @Override
    public Seq<Expression> children() {
        return ScalaLists.scala(List.of(child));
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new VectorAggregate(children.head(), mutableAggBufferOffset, inputAggBufferOffset, statistic);
    }

    @Override
    public int mutableAggBufferOffset() {
        return mutableAggBufferOffset;
    }

    @Override
    public int inputAggBufferOffset() {
        return inputAggBufferOffset;
    }

    @Override
    public ImperativeAggregate withNewMutableAggBufferOffset(int offset) {
        return new VectorAggregate(child, offset, inputAggBufferOffset, statistic);
    }

    @Override
    public ImperativeAggregate withNewInputAggBufferOffset(int offset) {
        return new VectorAggregate(child, mutableAggBufferOffset, offset, statistic);
    }

    @Override
    public Seq<Object> otherCopyArgs() {
        return ScalaLists.scala(List.of(statistic));
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> child;
            case 1 -> mutableAggBufferOffset;
            default -> inputAggBufferOffset;
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof VectorAggregate;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VectorAggregate call
                && statistic == call.statistic
                && mutableAggBufferOffset == call.mutableAggBufferOffset
                && inputAggBufferOffset == call.inputAggBufferOffset
                && child.equals(call.child);
    }

    @Override
    public int hashCode() {
        return 31 * child.hashCode() + statistic.sqlName().hashCode();
    }
}
