package io.sightline.trace;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.generate.Decoder;
import io.sightline.generate.GenerateOptions;
import io.sightline.interleave.PreparedBatch;
import io.sightline.interleave.RunnableModel;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.token.LeftPadding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a language model: batches the invokes' rows, padded on the left, and calls it once or generates. */
final class CheckpointRun implements RunnableModel {
    /** torch's cross entropy leaves such labels out. */
    static final long IGNORED_LABEL = -100;

    private final CheckpointWeights weights;
    private final Module module;
    private final Device device;
    private final Positions positions;

    CheckpointRun(CheckpointWeights weights, Module module, Device device, Positions positions) {
        this.weights = weights;
        this.module = module;
        this.device = device;
        this.positions = positions;
    }

    @Override
    public Module module() {
        return module;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public PreparedBatch prepare(List<@Nullable Object> invokerInputs) {
        List<TokenRows> invokes = new ArrayList<>();
        for (Object input : invokerInputs) {
            invokes.add(rows(input));
        }
        invokes.forEach(invoke -> invoke.ids().forEach(this::checkKnown));
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        batch(invokes).forEach((key, values) -> keywords.put(key, tensor(values, invokes)));
        return new PreparedBatch(
                new Args(List.of(), keywords),
                invokes.stream().mapToInt(TokenRows::size).toArray());
    }

    /** A session's values may be texts, which only now are known. */
    private TokenRows rows(@Nullable Object input) {
        Object first = input instanceof Tuple tuple && tuple.size() == 1 ? tuple.get(0) : input;
        boolean isText = first instanceof CharSequence
                || first instanceof Collection<?> many
                        && !many.isEmpty()
                        && many.stream().allMatch(item -> item instanceof CharSequence);
        return isText
                ? new TokenRows(Map.of(TokenRows.IDS, new PromptEncoder(weights).rows(first)))
                : TokenRows.of(input);
    }

    @Override
    public Optional<RunnableModel> withoutData() {
        return weights.shapes().map(shapes -> new CheckpointRun(weights, shapes, Device.META, positions));
    }

    /** The embedding would only say "index out of range in self". */
    private void checkKnown(long[] ids) {
        long vocabulary = weights.config().integer("vocab_size", Long.MAX_VALUE);
        for (long id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new IllegalArgumentException("token id " + id + "; this model has ids 0 to " + (vocabulary - 1));
            }
        }
    }

    /** Each keyword's padded values, row-major. */
    private Map<String, long[]> batch(List<TokenRows> invokes) {
        LeftPadding padding = LeftPadding.of(all(invokes, TokenRows.IDS, 0));
        long[] mask = padding.pad(all(invokes, TokenRows.MASK, 1), 0);
        Map<String, long[]> batch = new LinkedHashMap<>();
        batch.put(TokenRows.IDS, padding.pad(all(invokes, TokenRows.IDS, 0), weights.padId()));
        batch.put(TokenRows.MASK, mask);
        if (any(invokes, TokenRows.POSITIONS)) {
            List<long[]> rows = new ArrayList<>();
            invokes.forEach(invoke -> rows.addAll(
                    invoke.has(TokenRows.POSITIONS)
                            ? invoke.column(TokenRows.POSITIONS, 0)
                            : LeftPadding.positions(invoke.column(TokenRows.MASK, 1))));
            batch.put(TokenRows.POSITIONS, padding.pad(rows, LeftPadding.PAD_POSITION));
        } else if (positions == Positions.FOLLOW_MASK) {
            batch.put(
                    TokenRows.POSITIONS,
                    padding.pad(LeftPadding.positions(all(invokes, TokenRows.MASK, 1)), LeftPadding.PAD_POSITION));
        }
        if (any(invokes, TokenRows.LABELS)) {
            batch.put(TokenRows.LABELS, padding.pad(all(invokes, TokenRows.LABELS, IGNORED_LABEL), IGNORED_LABEL));
        }
        if (any(invokes, TokenRows.TYPES)) {
            batch.put(TokenRows.TYPES, padding.pad(all(invokes, TokenRows.TYPES, 0), 0));
        }
        return batch;
    }

    private static boolean any(List<TokenRows> invokes, String key) {
        return invokes.stream().anyMatch(invoke -> invoke.has(key));
    }

    private static List<long[]> all(List<TokenRows> invokes, String key, long otherwise) {
        return invokes.stream()
                .flatMap(invoke -> invoke.column(key, otherwise).stream())
                .toList();
    }

    private Tensor tensor(long[] values, List<TokenRows> invokes) {
        long rows = invokes.stream().mapToInt(TokenRows::size).sum();
        Tensor host = Tensor.of(values, rows, values.length / rows);
        return device.isCpu() ? host : host.to(device);
    }

    @Override
    public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>(kwargs);
        if (Boolean.TRUE.equals(options.remove("generate"))) {
            return generate(batch.args(), options);
        }
        Args args = batch.args();
        for (Map.Entry<String, @Nullable Object> option : options.entrySet()) {
            args = args.with(option.getKey(), option.getValue());
        }
        return module().call(args);
    }

    /**
     * Families call each module once and write into none of their values, as TorchScript may. The shape check runs the whole model all the
     * same, and so does who asks for a cache.
     */
    @Override
    public boolean canEndEarly(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        return weights.areOfFamily()
                && !device.isMeta()
                && !Boolean.TRUE.equals(kwargs.get("generate"))
                && !keepsCache(kwargs.get("use_cache"), kwargs.get("past_key_values"))
                && !keepsCache(batch.args().get("use_cache"), batch.args().get("past_key_values"));
    }

    private static boolean keepsCache(@Nullable Object use, @Nullable Object given) {
        return Boolean.TRUE.equals(use) || given != null;
    }

    private @Nullable Object generate(Args args, Map<String, @Nullable Object> options) {
        try (Scope scope = Scope.open()) {
            GenerateOptions generation =
                    GenerateOptions.of(weights.directory()).withMaxNewTokens(1).withKeywords(options);
            Tensor ids = new Decoder(module(), generation)
                    .generate(args.tensor(0, TokenRows.IDS), args.optionalTensor(1, TokenRows.MASK));
            Module generator = module().namedChildren().get(CheckpointWeights.GENERATOR);
            @Nullable Object output = generator == null ? ids : generator.call(Args.of(ids));
            scope.moveToParent(output);
            return output;
        }
    }
}
