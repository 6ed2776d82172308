package io.sightline.job.execute;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A language model with its tokenizer, shared by the task slots of this JVM that use its device. It owns both. A hollow one has shapes and no
 * weights, for a driver that only has to know what comes out.
 */
final class LoadedModel implements AutoCloseable {
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
    static LoadedModel open(Path directory, ModelSource source, String device) {
        LanguageModel model =
                LanguageModel.open(directory, new LoadOptions(source.dtype(), device, source.attention()));
        return new LoadedModel(model, model, tokenizer(directory));
    }

    /** The model's shapes, on the CPU, with the dtype that it has there. */
    static LoadedModel hollow(Path directory, ModelSource source) {
        LanguageModel model =
                LanguageModel.openLazily(directory, new LoadOptions(source.dtype(), "cpu", source.attention()));
        return new LoadedModel(model, model.hollow(), tokenizer(directory));
    }

    private static @Nullable Tokenizer tokenizer(Path directory) {
        return Tokenizer.isPresent(directory) ? Tokenizer.open(directory) : null;
    }

    boolean isHollow() {
        return runnable != model;
    }

    /** What graphs run against. */
    RunnableModel runnable() {
        return runnable;
    }

    Device device() {
        return runnable.device();
    }

    Semaphore turns() {
        return turns;
    }

    ModelConfig config() {
        return model.config();
    }

    PromptTokenizer promptTokenizer(PromptSource prompts) {
        return new PromptTokenizer(tokenizer, prompts, vocabulary(), positions());
    }

    /** How many ids the model embeds. */
    long vocabulary() {
        return config().integer("vocab_size", Integer.MAX_VALUE);
    }

    /** How many tokens the model has positions for. */
    int positions() {
        for (String key : new String[] {"n_positions", "max_position_embeddings", "n_ctx"}) {
            if (config().has(key)) {
                return Math.toIntExact(config().integer(key, 0));
            }
        }
        return Integer.MAX_VALUE;
    }

    /** What short rows are padded with; masked, so that it matters little. */
    long padId() {
        if (tokenizer != null && tokenizer.padId().isPresent()) {
            return tokenizer.padId().getAsLong();
        }
        if (tokenizer != null && tokenizer.eosId().isPresent()) {
            return tokenizer.eosId().getAsLong();
        }
        return 0;
    }

    /** What weights are held and activations computed in. */
    DType dtype() {
        return runnable.module()
                .namedParameters()
                .values()
                .iterator()
                .next()
                .tensor()
                .dtype();
    }

    long parameterBytes() {
        return weights()
                .mapToLong(tensor -> tensor.elements() * tensor.dtype().bytes())
                .sum();
    }

    long parameterCount() {
        return weights().mapToLong(Tensor::elements).sum();
    }

    /** Each tensor once, also where two parameters are tied. */
    private Stream<Tensor> weights() {
        return runnable.module().namedParameters().values().stream()
                .map(Parameter::tensor)
                .distinct();
    }

    /** Whether logits before the last token can be left out: a causal model's head is a large part of a small model's work. */
    boolean needsLastLogitsOnly(JobGraph graph, List<CaptureTargets.Target> targets) {
        Set<String> heads = new HashSet<>(Set.of("lm_head", "embed_out"));
        heads.retainAll(runnable.module().namedChildren().keySet());
        if (heads.isEmpty()) {
            return false;
        }
        heads.add("");
        return graph.places().stream().noneMatch(place -> heads.contains(place.path()))
                && targets.stream().noneMatch(target -> heads.contains(target.module()));
    }

    @Override
    public void close() {
        model.close();
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
