package io.sightline.job.model;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.interleave.RunnableModel;
import io.sightline.job.config.ModelSource;
import io.sightline.job.config.PromptSource;
import io.sightline.job.input.PromptTokenizer;
import io.sightline.nn.Parameter;
import io.sightline.token.PadToken;
import io.sightline.token.Tokenizer;
import io.sightline.trace.LanguageModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A language model with its tokenizer, shared by the task slots of this JVM that use its device. It owns both. With zero weights
 * it takes no memory, for a driver that only has to know shapes.
 */
public final class LoadedModel implements AutoCloseable {
    private static final int MADE_KEPT = 64;

    private final LanguageModel model;
    private final RunnableModel runnable;
    private final @Nullable Tokenizer tokenizer;
    private final Map<String, Object> made = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
            return size() > MADE_KEPT;
        }
    };
    /** A GPU runs one slot's batch at a time: two at once would only fight for its memory. */
    private final Semaphore turns;

    private LoadedModel(LanguageModel model, RunnableModel runnable, @Nullable Tokenizer tokenizer) {
        this.model = model;
        this.runnable = runnable;
        this.tokenizer = tokenizer;
        this.turns = new Semaphore(runnable.device().isCpu() ? Integer.MAX_VALUE : 1, true);
    }

    /** @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<index>} */
    public static LoadedModel open(Path directory, ModelSource source, String device) {
        LanguageModel model =
                LanguageModel.open(directory, new LoadOptions(source.dtype(), device, source.attention()));
        return new LoadedModel(model, model, tokenizer(directory));
    }

    /** The model's shapes, on the CPU, with the dtype that it has there. */
    public static LoadedModel withZeroWeights(Path directory, ModelSource source) {
        LanguageModel model =
                LanguageModel.openLazily(directory, new LoadOptions(source.dtype(), "cpu", source.attention()));
        return new LoadedModel(model, model.withZeroWeights(), tokenizer(directory));
    }

    private static @Nullable Tokenizer tokenizer(Path directory) {
        return Tokenizer.isPresent(directory) ? Tokenizer.open(directory) : null;
    }

    public boolean hasZeroWeights() {
        return runnable != model;
    }

    /** What graphs run against. */
    public RunnableModel runnable() {
        return runnable;
    }

    public Device device() {
        return runnable.device();
    }

    public Semaphore turns() {
        return turns;
    }

    private ModelConfig config() {
        return model.config();
    }

    /** The architecture's name in {@code config.json}. */
    public String modelType() {
        return config().modelType();
    }

    /** The paths of all modules. */
    public List<String> modules() {
        return List.copyOf(runnable.module().namedModules().keySet());
    }

    /** The paths of all modules of the model in {@code directory}, read without its weights. */
    public static List<String> modules(Path directory, ModelSource source) {
        LoadOptions options = new LoadOptions(source.dtype(), "cpu", source.attention());
        try (PretrainedModel shapes = PretrainedModel.shapesOnly(directory, options)) {
            return List.copyOf(shapes.module().namedModules().keySet());
        }
    }

    public PromptTokenizer promptTokenizer(PromptSource prompts) {
        return new PromptTokenizer(tokenizer, prompts, vocabulary(), positions());
    }

    /** How many ids the model embeds. */
    public long vocabulary() {
        return config().integer("vocab_size", Integer.MAX_VALUE);
    }

    /** How many tokens the model has positions for. */
    public int positions() {
        for (String key : new String[] {"n_positions", "max_position_embeddings", "n_ctx"}) {
            if (config().has(key)) {
                return Math.toIntExact(config().integer(key, 0));
            }
        }
        return Integer.MAX_VALUE;
    }

    /** What short rows are padded with. */
    public long padId() {
        return PadToken.id(tokenizer, config());
    }

    /** What weights are held and activations computed in. */
    public DType dtype() {
        return runnable.module().namedParameters().values().iterator().next().dtype();
    }

    public long parameterBytes() {
        return weights().stream()
                .mapToLong(weight -> weight.elements() * weight.dtype().bytes())
                .sum();
    }

    public long parameterCount() {
        return weights().stream().mapToLong(Parameter::elements).sum();
    }

    /** Each weight once, also where two parameters are tied. */
    private List<Parameter> weights() {
        return Parameter.distinct(runnable.module().namedParameters().values());
    }

    /**
     * What the first caller with this key made for the model, for all callers; it is forgotten with the model.
     *
     * @param key of one kind of thing only
     */
    @SuppressWarnings("unchecked")
    public <T> T once(String key, Supplier<T> maker) {
        synchronized (made) {
            Object known = made.get(key);
            if (known == null) {
                known = maker.get();
                made.put(key, known);
            }
            return (T) known;
        }
    }

    @Override
    public void close() {
        model.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
