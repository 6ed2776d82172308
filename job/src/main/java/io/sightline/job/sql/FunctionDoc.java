package io.sightline.job.sql;

import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;

/** What {@code DESCRIBE FUNCTION EXTENDED} shows. {@code _FUNC_} stands for the function's name; examples are run by a test. */
record FunctionDoc(String usage, String arguments, String examples) {
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
