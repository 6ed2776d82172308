package io.sightline.job.ml;

import io.sightline.job.config.BatchLimits;
import io.sightline.job.config.CaptureRequest;
import io.sightline.job.config.ModelSource;
import io.sightline.job.config.PromptSource;
import io.sightline.job.config.PromptSource.TooLong;
import io.sightline.job.extract.VectorRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.jspecify.annotations.Nullable;

/** The parameters of {@link ActivationExtractor}, with defaults, checks and docs as {@code explainParams()} shows them. */
public abstract class ExtractorParams extends Transformer {
    private static final long serialVersionUID = 1L;

    static final String KEEP = "keep";
    static final String SKIP = "skip";
    static final String ERROR = "error";
    static final String VECTOR = "vector";

    private final String uid;
    private final Param<String> modelPath;
    private final Param<String> dtype;
    private final Param<String> device;
    private final Param<String> attention;
    private final Param<String> inputCol;
    private final Param<String> inputIdsCol;
    private final StringArrayParam modules;
    private final Param<String> io;
    private final Param<String> tokens;
    private final StringArrayParam outputCols;
    private final Param<String> outputType;
    private final Param<String> graphPath;
    private final Param<String> prependBos;
    private final IntParam maxLength;
    private final Param<String> tooLong;
    private final IntParam batchTokens;
    private final IntParam batchSize;
    private final Param<String> handleInvalid;
    private final Param<String> errorCol;

    ExtractorParams(String uid) {
        this.uid = uid;
        modelPath = text(
                "modelPath",
                "directory of a Hugging Face checkpoint, or a Hadoop URI of one, which is fetched once per node");
        dtype = choice("dtype", "what to compute in", "auto", "float32", "float16", "bfloat16");
        device = choice(
                "device", "where to compute; on a cluster a GPU is the one that Spark assigned", "auto", "cpu", "cuda");
        attention = choice("attention", "attention kernel", "auto", "eager", "sdpa");
        inputCol = text("inputCol", "column of text, tokenised by the checkpoint's tokenizer.json");
        inputIdsCol = text("inputIdsCol", "column of token ids, array<int> or array<bigint>, instead of inputCol");
        modules = new StringArrayParam(
                this,
                "modules",
                "paths of the modules to capture, as `sightline tree` prints them; * and ranges [0-5] match several",
                Checks.names());
        io = choice("io", "what of a module to take", "output", "input");
        tokens = new Param<>(
                this,
                "tokens",
                "which tokens: last, first or mean give one vector a prompt; all or positions such as [0, -1] give an array of them",
                Checks.text(TokenChoice::isValid));
        outputCols = new StringArrayParam(
                this,
                "outputCols",
                "output columns, one for each of modules; where a pattern matches several modules, each has a column whose name ends in what "
                        + "the wildcards stand for: activations_0, activations_1, …",
                Checks.names());
        outputType = choice(
                "outputType",
                "array (array<float>) or vector (Spark ML's, for its estimators; for one vector a prompt)",
                "array",
                VECTOR);
        graphPath = text(
                "graphPath", "intervention graph in nnsight's wire format, of one invoke, applied to every prompt");
        prependBos = choice(
                "prependBos",
                "whether text starts with BOS: as the tokenizer has it, exactly one, or none",
                "auto",
                "true",
                "false");
        maxLength = count("maxLength", "tokens a prompt may have (default: what the model has positions for)");
        tooLong = choice("tooLong", "what to do with a longer prompt", ERROR, "truncate_left", "truncate_right");
        batchTokens = count("batchTokens", "padded tokens a batch may have; a longer single prompt runs alone");
        batchSize = count("batchSize", "prompts a batch may have");
        handleInvalid = choice(
                "handleInvalid",
                "rows that can't go through the model: keep (null, and the reason in errorCol), skip (leave them out) or error (fail)",
                KEEP,
                SKIP,
                ERROR);
        errorCol = text(
                "errorCol",
                "column for the reason why a row has no activations, null where it has; with handleInvalid keep only");
        setDefault(inputCol, "text");
        setDefault(outputCols, new String[] {"activations"});
        setDefault(tokens, "last");
        setDefault(batchTokens, (Object) 8192);
        setDefault(batchSize, (Object) 64);
        setDefault(errorCol, "activations_error");
    }

    private Param<String> text(String name, String doc) {
        return new Param<>(this, name, doc, Checks.notBlank());
    }

    /** The first choice is the default. */
    private Param<String> choice(String name, String doc, String... choices) {
        String all = doc + " (" + String.join(", ", choices) + ")";
        Param<String> param = new Param<>(this, name, all, ParamValidators.inArray(List.of(choices)));
        setDefault(param, choices[0]);
        return param;
    }

    private IntParam count(String name, String doc) {
        return new IntParam(this, name, doc, ParamValidators.gt(0));
    }

    @Override
    public String uid() {
        return uid;
    }

    /** Spark's own shows lists as Java shows arrays, by their address. */
    @Override
    public String explainParam(Param<?> param) {
        String text = super.explainParam(param);
        if (!(param instanceof StringArrayParam list)) {
            return text;
        }
        List<String> values = new ArrayList<>();
        if (hasDefault(list)) {
            values.add("default: " + String.join(", ", getDefault(list).get()));
        }
        if (isSet(list)) {
            values.add("current: " + String.join(", ", getOrDefault(list)));
        }
        return list.name() + ": " + list.doc()
                + (values.isEmpty() ? " (undefined)" : " (" + String.join(", ", values) + ")");
    }

    // ---- what Spark ML finds by reflection, by name

    public Param<String> modelPath() {
        return modelPath;
    }

    public Param<String> dtype() {
        return dtype;
    }

    public Param<String> device() {
        return device;
    }

    public Param<String> attention() {
        return attention;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> inputIdsCol() {
        return inputIdsCol;
    }

    public StringArrayParam modules() {
        return modules;
    }

    public Param<String> io() {
        return io;
    }

    public Param<String> tokens() {
        return tokens;
    }

    public StringArrayParam outputCols() {
        return outputCols;
    }

    public Param<String> outputType() {
        return outputType;
    }

    public Param<String> graphPath() {
        return graphPath;
    }

    public Param<String> prependBos() {
        return prependBos;
    }

    public IntParam maxLength() {
        return maxLength;
    }

    public Param<String> tooLong() {
        return tooLong;
    }

    public IntParam batchTokens() {
        return batchTokens;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public Param<String> handleInvalid() {
        return handleInvalid;
    }

    public Param<String> errorCol() {
        return errorCol;
    }

    // ---- their values

    final <T> T value(Param<T> param) {
        return getOrDefault(param);
    }

    private <T> @Nullable T orNull(Param<T> param) {
        return isDefined(param) ? getOrDefault(param) : null;
    }

    /** @throws IllegalArgumentException if a parameter is missing, or two don't go together */
    final VectorRequest request() {
        require(modelPath, "the directory of a checkpoint");
        require(modules, "at least one module's path, such as transformer.h.5");
        String[] paths = value(modules);
        String[] columns = value(outputCols);
        if (paths.length != columns.length) {
            throw new IllegalArgumentException("modules has " + paths.length + " entries and outputCols "
                    + columns.length + "; each module, or pattern of modules, needs an output column");
        }
        List<CaptureRequest> captures = new ArrayList<>();
        for (int i = 0; i < paths.length; i++) {
            captures.add(new CaptureRequest(
                    columns[i],
                    paths[i],
                    value(io).equals("input"),
                    TokenChoice.read(value(tokens)),
                    "float32",
                    null,
                    null));
        }
        return new VectorRequest(
                new ModelSource(value(modelPath), value(dtype), value(device), value(attention)),
                prompts(),
                orNull(graphPath),
                captures,
                new BatchLimits((int) value(batchTokens), (int) value(batchSize)));
    }

    private void require(Param<?> param, String expected) {
        if (!isDefined(param)) {
            throw new IllegalArgumentException(param.name() + " is not set: expected " + expected);
        }
    }

    private PromptSource prompts() {
        boolean byIds = isDefined(inputIdsCol);
        if (byIds && isSet(inputCol)) {
            throw new IllegalArgumentException("inputCol ('" + value(inputCol) + "') and inputIdsCol ('"
                    + value(inputIdsCol) + "') are both set; a prompt is given by one of them");
        }
        return new PromptSource(
                "table",
                "",
                Map.of(),
                byIds ? List.of() : List.of(value(inputCol)),
                byIds ? value(inputIdsCol) : null,
                null,
                List.of(),
                value(prependBos),
                (Integer) orNull(maxLength),
                TooLong.valueOf(value(tooLong).toUpperCase(Locale.ROOT)));
    }
}
