package io.sightline.trace;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.envoy.Arguments;
import io.sightline.envoy.Keywords;
import io.sightline.family.LoadOptions;
import io.sightline.interleave.PreparedBatch;
import io.sightline.interleave.RunnableModel;
import io.sightline.intervene.Intervention;
import io.sightline.nn.Module;
import io.sightline.token.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A language model to be traced: a checkpoint, its tokenizer where it has one, and a {@code generator} module at its root whose output
 * is what a generation gives.
 *
 * <p>Inputs are texts, lists of texts, token ids (one row, many, ragged), or a map with {@code input_ids} and, if wanted,
 * {@code attention_mask}, {@code position_ids} and {@code labels}. Rows are padded on the left with the tokenizer's own pad token, or EOS. Inputs
 * given here get {@code position_ids} that follow the mask. As a {@link RunnableModel}, for a graph from the wire, it runs inputs as they
 * stand.
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.open(directory)) {
 *     Proxy logits;
 *     try (Tracer trace = model.trace("People in Germany speak")) {
 *         logits = model.get("lm_head").output().save();
 *         trace.run();
 *     }
 *     logits.tensor(); // [1, tokens, vocabulary]
 * }
 * }</pre>
 */
public final class LanguageModel extends TraceableModel<LanguageModel> {
    private final CheckpointWeights weights;
    private final @Nullable LanguageModel original;

    private LanguageModel(CheckpointWeights weights) {
        super(weights.recorder(), weights.envoy(), Edits.NONE);
        this.weights = weights;
        this.original = null;
    }

    private LanguageModel(LanguageModel original, Edits edits) {
        super(original.recorder(), original.envoy(), edits);
        this.weights = original.weights;
        this.original = original;
    }

    /**
     * Opens a checkpoint directory and loads its weights.
     *
     * @throws IllegalArgumentException if it holds no model that can be used
     */
    public static LanguageModel open(Path directory) {
        return open(directory, LoadOptions.DEFAULT);
    }

    public static LanguageModel open(Path directory, LoadOptions options) {
        LanguageModel model = openLazily(directory, options);
        model.dispatch();
        return model;
    }

    /** Opens a checkpoint directory from its config alone: the tree is there at once, weights are loaded at the first run. */
    public static LanguageModel openLazily(Path directory, LoadOptions options) {
        return new LanguageModel(new CheckpointWeights(directory, options));
    }

    /** Loads the weights now, if they are not there yet; gives this model. */
    public LanguageModel dispatch() {
        weights.loaded();
        return this;
    }

    public boolean isDispatched() {
        return weights.areLoaded();
    }

    public ModelConfig config() {
        return weights.config();
    }

    /**
     * The tokenizer.
     *
     * @throws IllegalArgumentException if the directory has none
     */
    public Tokenizer tokenizer() {
        return weights.tokenizer();
    }

    // ---- generation ------------------------------------------------------------------------------------------------

    /** Opens a trace of a greedy generation; prompts are given with {@link Tracer#invoke}. */
    public Tracer generate(int maxNewTokens) {
        return generate(Keywords.of("max_new_tokens", maxNewTokens));
    }

    /** Opens a trace of a greedy generation from one prompt. The ids, prompt included, are {@code get("generator").output()}. */
    public Tracer generate(Object prompt, int maxNewTokens) {
        return generate(prompt, Keywords.of("max_new_tokens", maxNewTokens));
    }

    /** As {@link #generate(int)}, with any of transformers' arguments of {@code generate}: {@code do_sample}, {@code temperature} … */
    public Tracer generate(Keywords options) {
        Keywords all = Keywords.of("generate", true);
        for (Map.Entry<String, @Nullable Object> option : options.entries().entrySet()) {
            all = all.and(option.getKey(), option.getValue());
        }
        return tracer(all);
    }

    public Tracer generate(Object prompt, Keywords options) {
        return invoked(generate(options), prompt);
    }

    // ---- interventions row by row ----------------------------------------------------------------------------------

    /**
     * Runs prompts in one batch, each with its own interventions, which may differ in everything, the module included; what each prompt gives is
     * what it gives alone.
     *
     * @param prompts texts, or rows of token ids
     * @param interventions for each prompt its own, in order; an empty list leaves it as it is
     * @return the logits after each prompt's last token, {@code [prompts, vocabulary]}, in the current scope; {@link
     *     io.sightline.intervene.LogitRows} measures them
     * @throws IllegalArgumentException if an intervention does not fit its prompt or its module
     */
    public Tensor intervene(List<?> prompts, List<List<Intervention>> interventions) {
        return new IntervenedBatch(new PromptEncoder(weights).rows(prompts), interventions).lastLogits(traced());
    }

    // ---- as a model to run -----------------------------------------------------------------------------------------

    @Override
    public Module module() {
        return weights.loaded().module();
    }

    @Override
    public Device device() {
        return weights.loaded().device();
    }

    @Override
    public PreparedBatch prepare(List<@Nullable Object> invokerInputs) {
        return withInputsAsGiven().prepare(invokerInputs);
    }

    @Override
    public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        return withInputsAsGiven().execute(batch, kwargs);
    }

    @Override
    public boolean canEndEarly(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        return withInputsAsGiven().canEndEarly(batch, kwargs);
    }

    @Override
    public Optional<RunnableModel> withoutData() {
        return withInputsAsGiven().withoutData();
    }

    private RunnableModel withInputsAsGiven() {
        return run(Positions.AS_GIVEN);
    }

    private RunnableModel run(Positions positions) {
        return new CheckpointRun(weights, module(), device(), positions);
    }

    @Override
    RunnableModel traced() {
        return run(Positions.FOLLOW_MASK);
    }

    @Override
    RunnableModel scanned() {
        return new CheckpointRun(weights, weights.zeroWeights(), Device.CPU, Positions.FOLLOW_MASK);
    }

    /**
     * This model on weights of zeros that take no memory, on the CPU: what it gives has the right shapes and dtypes. Nothing is read from
     * the checkpoint but its config. Valid until this model is closed.
     */
    public RunnableModel withZeroWeights() {
        return new CheckpointRun(weights, weights.zeroWeights(), Device.CPU, Positions.AS_GIVEN);
    }

    @Override
    EncodedInput encode(Arguments inputs) {
        return new PromptEncoder(weights).encode(inputs);
    }

    @Override
    LanguageModel self() {
        return this;
    }

    @Override
    LanguageModel editedCopy(Edits kept) {
        return new LanguageModel(this, kept);
    }

    /** Frees the weights, unless this is an edited copy, and saved values that no scope owns. */
    @Override
    public void close() {
        if (original == null) {
            super.close();
            weights.close();
        }
    }
}
