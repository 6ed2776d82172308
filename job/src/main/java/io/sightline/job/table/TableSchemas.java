package io.sightline.job.table;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The tables' columns as Spark types, in file order. */
public final class TableSchemas {
    /**
     * One captured vector: {@code layer} is null for a module path without a number, {@code position} and the token columns are null
     * for a row pooled over tokens. Exactly one of {@code vector} (float32 captures) and {@code vector_f16} (float16 captures,
     * little-endian, 2 bytes a number) is set.
     */
    public static final StructType ACTIVATIONS = new StructType()
            .add(Columns.PROMPT_ID, StringType, false)
            .add(Columns.NAME, StringType, false)
            .add(Columns.MODULE, StringType, false)
            .add(Columns.LAYER, IntegerType, true)
            .add(Columns.IO, StringType, false)
            .add(Columns.STEP, IntegerType, false)
            .add(Columns.POSITION, IntegerType, true)
            .add(Columns.TOKEN_ID, IntegerType, true)
            .add(Columns.TOKEN, StringType, true)
            .add(Columns.VECTOR, createArrayType(FloatType, false), true)
            .add(Columns.VECTOR_F16, BinaryType, true);

    /** One saved node of the graph for one prompt: {@code value} flat in row-major order, a scalar's {@code shape} is empty. */
    public static final StructType VALUES = new StructType()
            .add(Columns.PROMPT_ID, StringType, false)
            .add(Columns.NAME, StringType, false)
            .add(Columns.STEP, IntegerType, false)
            .add(Columns.SHAPE, createArrayType(IntegerType, false), false)
            .add(Columns.VALUE, createArrayType(FloatType, false), false);

    /** One prompt that failed: where ({@code stage}), with which exception class and message. */
    public static final StructType ERRORS = new StructType()
            .add(Columns.PROMPT_ID, StringType, true)
            .add(Columns.STAGE, StringType, false)
            .add(Columns.ERROR_CLASS, StringType, false)
            .add(Columns.MESSAGE, StringType, true);

    /** One token of the run's tokenizer, as the vocabulary writes it: {@code Ġthe}. */
    public static final StructType VOCABULARY =
            new StructType().add(Columns.TOKEN_ID, IntegerType, false).add(Columns.TOKEN, StringType, false);

    private static final StructType FIXED_PROMPT_COLUMNS = new StructType()
            .add(Columns.PROMPT_ID, StringType, false)
            .add(Columns.TEXT, StringType, true)
            .add(Columns.INPUT_IDS, createArrayType(IntegerType, false), true)
            .add(Columns.TOKENS, createArrayType(StringType, false), true)
            .add(Columns.N_TOKENS, IntegerType, false)
            .add(Columns.CHUNK, IntegerType, false);

    private TableSchemas() {}

    /**
     * The prompts table: the fixed columns, then the user's {@code keep} columns with their own types.
     *
     * @throws IllegalArgumentException if a kept column has, ignoring case, the name of a fixed one or of another kept one
     */
    public static StructType prompts(StructType kept) {
        Set<String> taken = new HashSet<>(Arrays.asList(FIXED_PROMPT_COLUMNS.fieldNames()));
        StructType all = FIXED_PROMPT_COLUMNS;
        for (StructField field : kept.fields()) {
            if (!taken.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("prompts.keep names '" + field.name()
                        + "', but the prompts table already has a column of that name; rename it in the source, the table's own columns are "
                        + String.join(", ", FIXED_PROMPT_COLUMNS.fieldNames()));
            }
            all = all.add(field.name(), field.dataType(), true);
        }
        return all;
    }

    /** The columns of {@code table}; {@code kept} matters to the prompts table only. */
    public static StructType of(RunTable table, StructType kept) {
        return switch (table) {
            case ACTIVATIONS -> ACTIVATIONS;
            case VALUES -> VALUES;
            case PROMPTS -> prompts(kept);
            case ERRORS -> ERRORS;
        };
    }
}
