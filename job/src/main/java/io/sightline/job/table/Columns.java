package io.sightline.job.table;

/** The names of the fixed columns. Which table has which is said by {@link TableSchemas}. */
public final class Columns {
    public static final String PROMPT_ID = "prompt_id";
    public static final String NAME = "name";
    public static final String MODULE = "module";
    public static final String LAYER = "layer";
    public static final String IO = "io";
    public static final String STEP = "step";
    public static final String POSITION = "position";
    public static final String TOKEN_ID = "token_id";
    public static final String TOKEN = "token";
    public static final String VECTOR = "vector";
    public static final String VECTOR_F16 = "vector_f16";
    public static final String SHAPE = "shape";
    public static final String VALUE = "value";
    public static final String TEXT = "text";
    public static final String INPUT_IDS = "input_ids";
    public static final String TOKENS = "tokens";
    public static final String N_TOKENS = "n_tokens";
    public static final String CHUNK = "chunk";
    public static final String STAGE = "stage";
    public static final String ERROR_CLASS = "error_class";
    public static final String MESSAGE = "message";

    private Columns() {}
}
