package io.sightline.job.table.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.Function1;

/** The prompts and errors tables' rows as Spark's Parquet writer takes them, in the chunk's order. */
final class CatalystRows {
    private CatalystRows() {}

    /** @throws IllegalStateException if a prompt was appended twice */
    static List<InternalRow> ofPrompts(List<PromptRow> prompts, int chunk, StructType kept) {
        List<PromptRow> sorted = new ArrayList<>(prompts);
        sorted.sort(Comparator.comparingInt(row -> row.prompt().ordinal()));
        for (int i = 1; i < sorted.size(); i++) {
            PromptRef prompt = sorted.get(i).prompt();
            if (sorted.get(i - 1).prompt().ordinal() == prompt.ordinal()) {
                throw new IllegalStateException("prompt " + prompt.id() + " (number " + prompt.ordinal() + " of chunk "
                        + chunk + ") was appended twice; rewind the chunk before a batch is run again");
            }
        }
        List<Function1<Object, Object>> converters = Arrays.stream(kept.fields())
                .map(StructField::dataType)
                .map(CatalystTypeConverters::createToCatalystConverter)
                .toList();
        return sorted.stream().map(row -> prompt(row, chunk, converters)).toList();
    }

    private static InternalRow prompt(PromptRow row, int chunk, List<Function1<Object, Object>> converters) {
        if (row.kept().size() != converters.size()) {
            throw new IllegalArgumentException("prompt " + row.prompt().id() + " brings "
                    + row.kept().size() + " kept values for " + converters.size() + " keep columns");
        }
        List<@Nullable Object> columns = new ArrayList<>();
        columns.add(UTF8String.fromString(row.prompt().id()));
        columns.add(UTF8String.fromString(row.text()));
        columns.add(row.inputIds() == null ? null : UnsafeArrayData.fromPrimitiveArray(row.inputIds()));
        columns.add(row.tokens() == null ? null : strings(row.tokens()));
        columns.add(row.tokenCount());
        columns.add(chunk);
        for (int i = 0; i < converters.size(); i++) {
            columns.add(converters.get(i).apply(row.kept().get(i)));
        }
        return new GenericInternalRow(columns.toArray());
    }

    private static GenericArrayData strings(String[] texts) {
        return new GenericArrayData(
                Arrays.stream(texts).map(UTF8String::fromString).toArray());
    }

    static List<InternalRow> ofErrors(List<ErrorRow> errors) {
        List<ErrorRow> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.comparingInt((ErrorRow row) -> row.prompt().ordinal())
                .thenComparing(ErrorRow::stage)
                .thenComparing(ErrorRow::errorClass));
        return sorted.stream().map(CatalystRows::error).toList();
    }

    private static InternalRow error(ErrorRow row) {
        return new GenericInternalRow(new @Nullable Object[] {
            UTF8String.fromString(row.prompt().id()),
            UTF8String.fromString(row.stage()),
            UTF8String.fromString(row.errorClass()),
            UTF8String.fromString(row.message())
        });
    }
}
