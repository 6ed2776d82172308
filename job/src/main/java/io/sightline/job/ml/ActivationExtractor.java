package io.sightline.job.ml;

import io.sightline.job.extract.VectorPlan;
import io.sightline.job.extract.VectorRequest;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Adds a model's activations to a DataFrame: each row's text (or token ids) goes through the model when the result is evaluated, and what
 * the named modules give becomes columns beside the row's own.
 *
 * <p>For one vector a prompt ({@code tokens} last, first or mean) a column is {@code array<float>}, or Spark ML's vector with
 * {@code outputType} vector, which its estimators take as features; for several ({@code all}, positions) it is
 * {@code array<array<float>>}, one vector a token. The model is loaded once per executor and shared by its tasks; it stays loaded for
 * the next job until the executor ends or {@link #freeModels()} is called. Which prompts share a batch moves a vector by rounding only.
 */
public final class ActivationExtractor extends ExtractorParams implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    public ActivationExtractor() {
        this(Identifiable$.MODULE$.randomUID("activationExtractor"));
    }

    public ActivationExtractor(String uid) {
        super(uid);
    }

    /** Where Spark ML looks for the reader of a saved pipeline's stage. */
    public static MLReader<ActivationExtractor> read() {
        return new DefaultParamsReader<>();
    }

    /** What {@code save(path)} wrote. */
    public static ActivationExtractor load(String path) {
        return read().load(path);
    }

    /** Frees the models that this JVM holds, which are the executors' too in local mode; the next use loads them anew. Not while a job runs. */
    public static void freeModels() {
        VectorPlan.freeModels();
    }

    public ActivationExtractor setModelPath(String value) {
        set(modelPath(), value);
        return this;
    }

    public ActivationExtractor setDtype(String value) {
        set(dtype(), value);
        return this;
    }

    public ActivationExtractor setDevice(String value) {
        set(device(), value);
        return this;
    }

    public ActivationExtractor setAttention(String value) {
        set(attention(), value);
        return this;
    }

    public ActivationExtractor setInputCol(String value) {
        set(inputCol(), value);
        return this;
    }

    public ActivationExtractor setInputIdsCol(String value) {
        set(inputIdsCol(), value);
        return this;
    }

    /** {@link #setModules} with one path or pattern. */
    public ActivationExtractor setModule(String value) {
        return setModules(value);
    }

    public ActivationExtractor setModules(String... values) {
        set(modules(), values.clone());
        return this;
    }

    public ActivationExtractor setIo(String value) {
        set(io(), value);
        return this;
    }

    public ActivationExtractor setTokens(String value) {
        set(tokens(), value);
        return this;
    }

    /** {@link #setTokens} with a list: from 0, negative ones from the end; a prompt too short for one has no vector for it. */
    public ActivationExtractor setPositions(int... values) {
        return setTokens(Arrays.toString(values));
    }

    /** {@link #setOutputCols} with one column. */
    public ActivationExtractor setOutputCol(String value) {
        return setOutputCols(value);
    }

    public ActivationExtractor setOutputCols(String... values) {
        set(outputCols(), values.clone());
        return this;
    }

    public ActivationExtractor setOutputType(String value) {
        set(outputType(), value);
        return this;
    }

    public ActivationExtractor setGraphPath(String value) {
        set(graphPath(), value);
        return this;
    }

    public ActivationExtractor setPrependBos(String value) {
        set(prependBos(), value);
        return this;
    }

    public ActivationExtractor setMaxLength(int value) {
        set(maxLength(), (Object) value);
        return this;
    }

    public ActivationExtractor setTooLong(String value) {
        set(tooLong(), value);
        return this;
    }

    public ActivationExtractor setBatchTokens(int value) {
        set(batchTokens(), (Object) value);
        return this;
    }

    public ActivationExtractor setBatchSize(int value) {
        set(batchSize(), (Object) value);
        return this;
    }

    public ActivationExtractor setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    public ActivationExtractor setErrorCol(String value) {
        set(errorCol(), value);
        return this;
    }

    /**
     * Lazy: this only checks the parameters and hashes the checkpoint's files.
     *
     * @throws IllegalArgumentException as {@link #transformSchema}
     * @throws io.sightline.graph.GraphException if the graph is refused
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        boolean byIds = isDefined(inputIdsCol());
        int extra = value(handleInvalid()).equals(KEEP) ? 1 : 0;
        ExtractPartition extract = new ExtractPartition(
                request().plan(dataset.sparkSession().sparkContext()),
                dataset.schema().fieldIndex(inputColumn()),
                byIds,
                schema.size() - dataset.schema().size() - extra,
                shape(),
                value(handleInvalid()));
        return dataset.toDF().mapPartitions(extract, Encoders.row(schema));
    }

    /**
     * The input's columns and the output's after them. It reads the model's module tree, but no weights.
     *
     * @throws IllegalArgumentException if a parameter is missing or contradicts another, the input lacks the column or has it with
     *     another type, there is no such model, or no module of such a path
     */
    @Override
    public StructType transformSchema(StructType schema) {
        VectorRequest request = request();
        checkInput(schema);
        List<String> names = OutputColumns.names(value(modules()), value(outputCols()), request.places(hadoop()));
        return OutputColumns.appended(
                schema, names, shape(), value(handleInvalid()).equals(KEEP) ? value(errorCol()) : null);
    }

    private static Configuration hadoop() {
        return SparkSession.active().sparkContext().hadoopConfiguration();
    }

    private OutputColumns.Shape shape() {
        boolean pooled = TokenChoice.isPooled(value(tokens()));
        if (value(outputType()).equals(VECTOR)) {
            if (!pooled) {
                throw new IllegalArgumentException("outputType vector needs one vector a prompt, but tokens is "
                        + value(tokens()) + "; take last, first or mean, or outputType array");
            }
            return OutputColumns.Shape.VECTOR;
        }
        return pooled ? OutputColumns.Shape.ARRAY : OutputColumns.Shape.ARRAYS;
    }

    private String inputColumn() {
        return isDefined(inputIdsCol()) ? value(inputIdsCol()) : value(inputCol());
    }

    private void checkInput(StructType schema) {
        String column = inputColumn();
        boolean byIds = isDefined(inputIdsCol());
        String param = byIds ? "inputIdsCol" : "inputCol";
        if (!List.of(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException(param + ": there is no column '" + column + "' (columns: "
                    + String.join(", ", schema.fieldNames()) + ")");
        }
        DataType type = schema.apply(column).dataType();
        boolean fits = byIds
                ? type instanceof ArrayType array && array.elementType() instanceof IntegralType
                : type instanceof StringType;
        if (!fits) {
            throw new IllegalArgumentException(param + ": column '" + column + "' is " + type.catalogString()
                    + ", expected " + (byIds ? "array<int> or array<bigint>" : "string"));
        }
    }

    @Override
    public ActivationExtractor copy(ParamMap extra) {
        return defaultCopy(extra);
    }
}
