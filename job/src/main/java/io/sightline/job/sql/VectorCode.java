package io.sightline.job.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;

/**
 * The Java source of one call, e.g. {@code value = VectorKernels.dot(Vectors.fromFloats("dot", 1, a), constant)}. A constant vector is read
 * once, when the code is generated, and not once a row.
 */
final class VectorCode {
    private static final String KERNELS = VectorKernels.class.getName();
    private static final String VECTORS = Vectors.class.getName();

    private final VectorExpression call;
    private final CodegenContext context;

    VectorCode(VectorExpression call, CodegenContext context) {
        this.call = call;
        this.context = context;
    }

    ExprCode generate(ExprCode result) {
        Block code = block("");
        List<String> nulls = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < call.children().size(); i++) {
            Expression child = call.children().apply(i);
            ExprCode argument = child.genCode(context);
            code = code.$plus(argument.code());
            nulls.add(argument.isNull().toString());
            values.add(value(i, child, argument));
        }
        return result.copy(code.$plus(block(computation(result, nulls, values))), result.isNull(), result.value());
    }

    private String computation(ExprCode result, List<String> nulls, List<String> values) {
        DataType type = call.dataType();
        String kernel = "%s.%s(%s)".formatted(KERNELS, call.function().kernelName(), String.join(", ", values));
        String writer = ResultKind.writerFor(type);
        return """
                boolean %1$s = %2$s;
                %3$s %4$s = %5$s;
                if (!%1$s) {
                  %4$s = %6$s;
                }
                """.formatted(
                        result.isNull(),
                        String.join(" || ", nulls),
                        CodeGenerator.javaType(type),
                        result.value(),
                        CodeGenerator.defaultValue(type, false),
                        writer.isEmpty() ? kernel : "%s.%s(%s)".formatted(VECTORS, writer, kernel));
    }

    private String value(int index, Expression child, ExprCode argument) {
        if (!call.function().parameters().get(index).isVector()) {
            return argument.value().toString();
        }
        String name = call.function().sqlName();
        if (child instanceof Literal literal && literal.value() != null) {
            double[] constant = Vectors.read(name, index + 1, child.dataType(), literal.value());
            return context.addReferenceObj("vector", constant, "double[]");
        }
        return "%s.%s(\"%s\", %d, %s)"
                .formatted(VECTORS, Vectors.readerFor(child.dataType()), name, index + 1, argument.value());
    }

    private static Block block(String code) {
        return new CodeBlock(ScalaLists.scala(List.of(code)), ScalaLists.scala(List.of()));
    }
}
