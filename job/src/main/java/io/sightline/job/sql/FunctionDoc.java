package io.sightline.job.sql;

import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;

/** What {@code DESCRIBE FUNCTION EXTENDED} shows. {@code _FUNC_} stands for the function's name; examples are run by a test. */
record FunctionDoc(String usage, String arguments, String examples) {
    static final String ONE_VECTOR =
            "* vector - array<float>, array<double> or a float16 binary; no null elements; null gives null\n";
    static final String TWO_VECTORS =
            "* a, b - array<float>, array<double> or a float16 binary; no null elements; null gives null\n";
    static final String PROMOTION = "The result is array<float>, or array<double> when an argument is one.";

    ExpressionInfo info(String implementation, String name, String group) {
        return new ExpressionInfo(
                implementation,
                null, // in no database: a built-in
                name,
                usage,
                "\n    Arguments:\n" + arguments.indent(6) + "  ",
                "\n    Examples:\n" + examples.indent(6) + "  ",
                "",
                group,
                "",
                "",
                "java_udf");
    }
}
