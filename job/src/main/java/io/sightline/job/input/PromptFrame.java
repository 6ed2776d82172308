package io.sightline.job.input;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.sightline.job.config.CaptureRequest;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.PromptSource;
import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The source's rows in one shape, whatever the source: {@code key}, {@code identified}, {@code bucket}, {@code tokens} (an estimate),
 * {@code fingerprint}, {@code texts}, {@code ids}, {@code captured}, {@code kept}, {@code problem}.
 *
 * @param rows evaluated lazily
 * @param kept the {@code keep} columns with their types
 */
public record PromptFrame(Dataset<Row> rows, StructType kept) {
    private static final String CORRUPT = "_corrupt_record";
    /** Bytes of text a token has, roughly; it only steers the size of chunks. */
    private static final int BYTES_PER_TOKEN = 3;

    /**
     * Checks the columns that the job names against the source's.
     *
     * @throws ConfigException naming the column, its type or the condition that doesn't fit
     */
    public static PromptFrame of(Dataset<Row> source, PromptSource prompts, List<CaptureRequest> captures) {
        StructType schema = source.schema();
        if (schema.isEmpty()) {
            throw new ConfigException("prompts: there are none in " + prompts.location());
        }
        prompts.text().forEach(column -> checkText(schema, column));
        prompts.keep().forEach(column -> require(schema, "keep", column));
        List<Column> content = prompts.text().stream().map(PromptFrame::named).toList();
        if (prompts.inputIds() != null) {
            checkIds(schema, prompts.inputIds());
            content = List.of(named(prompts.inputIds()));
        }
        if (prompts.id() != null) {
            require(schema, "id", prompts.id());
        }
        StructType kept = new StructType(
                prompts.keep().stream().map(column -> schema.apply(column)).toArray(StructField[]::new));
        Column hash = sha2(to_json(struct(content.toArray(Column[]::new))).cast(DataTypes.BinaryType), 256);
        Column id = prompts.id() == null ? lit(null) : named(prompts.id());
        Column key = coalesce(
                id.cast(DataTypes.StringType), prompts.id() == null ? hash : concat(lit("row-"), hash.substr(1, 16)));
        Column keptColumns = prompts.keep().isEmpty()
                ? lit(null)
                : struct(prompts.keep().stream().map(PromptFrame::named).toArray(Column[]::new));
        try {
            return new PromptFrame(
                    source.select(
                            key.as("key"),
                            id.isNotNull().as("identified"),
                            pmod(xxhash64(key), lit((long) ChunkPlan.BUCKETS))
                                    .cast(DataTypes.IntegerType)
                                    .as("bucket"),
                            tokenEstimate(schema, prompts, content).as("tokens"),
                            xxhash64(key, hash, to_json(struct(keptColumns.as("kept"))))
                                    .as("fingerprint"),
                            prompts.text().isEmpty()
                                    ? lit(null).as("texts")
                                    : array(content.toArray(Column[]::new)).as("texts"),
                            (prompts.inputIds() == null ? lit(null) : content.get(0)).as("ids"),
                            captured(captures).as("captured"),
                            keptColumns.as("kept"),
                            problem(schema, prompts).as("problem")),
                    kept);
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                throw misfit(source, captures, e);
            }
            throw e;
        }
    }

    /** Names the capture whose condition Spark refuses. */
    private static ConfigException misfit(Dataset<Row> source, List<CaptureRequest> captures, Exception all) {
        for (CaptureRequest capture : captures) {
            try {
                source.select(captured(List.of(capture)));
            } catch (Exception e) {
                return new ConfigException(
                        "capture '" + capture.name() + "': where: '" + capture.where() + "' does not fit the prompts: "
                                + firstLine(e),
                        e);
            }
        }
        return new ConfigException("prompts: " + firstLine(all), all);
    }

    private static Column captured(List<CaptureRequest> captures) {
        if (captures.isEmpty()) {
            return expr("cast(array() as array<boolean>)");
        }
        return array(captures.stream()
                .map(capture -> capture.where() == null ? lit(true) : coalesce(expr(capture.where()), lit(false)))
                .toArray(Column[]::new));
    }

    private static Column problem(StructType schema, PromptSource prompts) {
        Column corrupt = Arrays.asList(schema.fieldNames()).contains(CORRUPT)
                ? when(
                        col(CORRUPT).isNotNull(),
                        concat(
                                lit("the row could not be read as " + prompts.format() + ": "),
                                col(CORRUPT).substr(1, 200)))
                : lit(null).cast(DataTypes.StringType);
        return prompts.id() == null
                ? corrupt
                : coalesce(
                        corrupt,
                        when(named(prompts.id()).isNull(), lit("the id column '" + prompts.id() + "' is null")));
    }

    private static Column tokenEstimate(StructType schema, PromptSource prompts, List<Column> content) {
        boolean counted =
                prompts.inputIds() != null && schema.apply(prompts.inputIds()).dataType() instanceof ArrayType;
        Column estimate = lit(0L);
        for (Column column : content) {
            Column one = counted
                    ? size(column)
                    : length(column.cast(DataTypes.BinaryType)).divide(BYTES_PER_TOKEN);
            estimate = estimate.plus(greatest(lit(1L), coalesce(one.cast(DataTypes.LongType), lit(1L))));
        }
        return estimate;
    }

    private static Column named(String column) {
        return col("`" + column.replace("`", "``") + "`");
    }

    private static DataType require(StructType schema, String key, String column) {
        List<String> names = List.of(schema.fieldNames());
        if (!names.contains(column)) {
            throw new ConfigException("prompts." + key + ": the prompts have no column '" + column + "'"
                    + Nearest.hint(column, names) + " (columns: " + String.join(", ", names) + ")");
        }
        return schema.apply(column).dataType();
    }

    private static void checkText(StructType schema, String column) {
        DataType type = require(schema, "text", column);
        if (!(type instanceof StringType)) {
            throw new ConfigException(
                    "prompts.text: column '" + column + "' is " + type.catalogString() + ", expected string");
        }
    }

    private static void checkIds(StructType schema, String column) {
        DataType type = require(schema, "input_ids", column);
        boolean numbers = type instanceof ArrayType array
                && (array.elementType() instanceof IntegralType
                        || array.elementType() instanceof StringType
                        || array.elementType() == DataTypes.DoubleType
                        || array.elementType() == DataTypes.FloatType);
        if (!numbers && !(type instanceof StringType)) {
            throw new ConfigException("prompts.input_ids: column '" + column + "' is " + type.catalogString()
                    + ", expected an array of whole numbers, or a string such as '[1, 2, 3]'");
        }
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Some of the prompts, the first that Spark comes by. */
    public List<SourcePrompt> first(int count) {
        return rows.limit(count).collectAsList().stream()
                .map(PromptFrame::prompt)
                .toList();
    }

    /** One row as Java values. */
    static SourcePrompt prompt(Row row) {
        List<Boolean> captured = row.getList(row.fieldIndex("captured"));
        boolean[] flags = new boolean[captured.size()];
        IntStream.range(0, flags.length).forEach(i -> flags[i] = captured.get(i));
        int kept = row.fieldIndex("kept");
        int texts = row.fieldIndex("texts");
        return new SourcePrompt(
                row.getAs("key"),
                row.isNullAt(texts) ? List.of() : new ArrayList<>(row.getList(texts)),
                row.getAs("ids"),
                flags,
                row.isNullAt(kept) ? new Object[0] : values(row.getStruct(kept)),
                row.getAs("problem"));
    }

    private static Object[] values(Row struct) {
        return IntStream.range(0, struct.size()).mapToObj(struct::get).toArray();
    }
}
