package io.sightline.job.model;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.family.LoadOptions;
import io.sightline.interleave.RunnableModel;
import io.sightline.job.config.ModelSource;
import io.sightline.job.config.PromptSource;
import io.sightline.job.input.PromptTokenizer;
import io.sightline.nn.Parameter;
import io.sightline.token.Tokenizer;
import io.sightline.trace.LanguageModel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A language model with its tokenizer, shared by the task slots of this JVM that use its device. It owns both. A hollow one has shapes and no
 * weights, for a driver that only has to know what comes out.
 */
public final class LoadedModel implements AutoCloseable {
    private final LanguageModel model;
    private final RunnableModel runnable;
    private final @Nullable Tokenizer tokenizer;
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
    public static LoadedModel hollow(Path directory, ModelSource source) {
        LanguageModel model =
                LanguageModel.openLazily(directory, new LoadOptions(source.dtype(), "cpu", source.attention()));
        return new LoadedModel(model, model.withZeroWeights(), tokenizer(directory));
    }

    private static @Nullable Tokenizer tokenizer(Path directory) {
        return Tokenizer.isPresent(directory) ? Tokenizer.open(directory) : null;
    }

    public boolean isHollow() {
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
    public Set<String> modules() {
        return runnable.module().namedModules().keySet();
    }

    /** The paths of all modules of the model in {@code directory}, read without its weights. */
    public static Set<String> modules(Path directory, ModelSource source) {
        LoadOptions options = new LoadOptions(source.dtype(), source.device(), source.attention());
        try (LanguageModel model = LanguageModel.openLazily(directory, options)) {
            return Set.copyOf(model.withZeroWeights().module().namedModules().keySet());
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

    /** What short rows are padded with; masked, so that it matters little. */
    public long padId() {
        if (tokenizer != null && tokenizer.padId().isPresent()) {
            return tokenizer.padId().getAsLong();
        }
        if (tokenizer != null && tokenizer.eosId().isPresent()) {
            return tokenizer.eosId().getAsLong();
        }
        return 0;
    }

    /** What weights are held and activations computed in. */
    public DType dtype() {
        return runnable.module()
                .namedParameters()
                .values()
                .iterator()
                .next()
                .tensor()
                .dtype();
    }

    public long parameterBytes() {
        return weights()
                .mapToLong(tensor -> tensor.elements() * tensor.dtype().bytes())
                .sum();
    }

    public long parameterCount() {
        return weights().mapToLong(Tensor::elements).sum();
    }

    /** Each tensor once, also where two parameters are tied. */
    private Stream<Tensor> weights() {
        return runnable.module().namedParameters().values().stream()
                .map(Parameter::tensor)
                .distinct();
    }

    @Override
    public void close() {
        model.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
