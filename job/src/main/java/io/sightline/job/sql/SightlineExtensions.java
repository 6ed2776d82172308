package io.sightline.job.sql;

import java.util.List;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.aggregate.V2Aggregator;
import org.apache.spark.sql.errors.QueryCompilationErrors;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Tuple3;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives a Spark session the vector functions as built-ins: {@code spark.sql.extensions=io.sightline.job.sql.SightlineExtensions}, for
 * spark-sql, spark-shell, PySpark, the Thrift server and any other session.
 */
public final class SightlineExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (VectorFunction function : VectorFunction.values()) {
            extensions.injectFunction(scalar(function));
        }
        for (VectorStatistic statistic : VectorStatistic.values()) {
            extensions.injectFunction(aggregate(statistic));
        }
        return BoxedUnit.UNIT;
    }

    private static Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>> scalar(
            VectorFunction function) {
        ExpressionInfo info = function.doc().info(VectorExpression.class.getName(), function.sqlName(), "array_funcs");
        return injection(info, function.parameters().size(), arguments -> new VectorExpression(arguments, function));
    }

    private static Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>> aggregate(
            VectorStatistic statistic) {
        ExpressionInfo info = statistic.doc().info(V2Aggregator.class.getName(), statistic.sqlName(), "agg_funcs");
        return injection(info, 1, arguments -> call(statistic, arguments));
    }

    private static Expression call(VectorStatistic statistic, Seq<Expression> arguments) {
        try {
            StructType types = new StructType().add("vector", arguments.head().dataType());
            return new V2Aggregator<>(statistic.bind(types), arguments, 0, 0);
        } catch (UnsupportedOperationException e) {
            throw SightlineExtensions.<RuntimeException>unchecked(
                    QueryCompilationErrors.functionCannotProcessInputError(statistic.unbound(), arguments, e));
        }
    }

    private static Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>> injection(
            ExpressionInfo info, int parameters, Function1<Seq<Expression>, Expression> call) {
        return new Tuple3<>(new FunctionIdentifier(info.getName()), info, arguments -> {
            requireCount(info.getName(), parameters, arguments.size());
            return call.apply(arguments);
        });
    }

    /** Spark's own error for a wrong number of arguments; it is an AnalysisException, which Scala does not declare. */
    private static void requireCount(String function, int expected, int given) {
        if (expected != given) {
            throw SightlineExtensions.<RuntimeException>unchecked(QueryCompilationErrors.wrongNumArgsError(
                    function, ScalaLists.scala(List.of(expected)), given, "", "", ""));
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable failure) throws E {
        throw (E) failure;
    }
}
