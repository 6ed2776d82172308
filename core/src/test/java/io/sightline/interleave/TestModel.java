package io.sightline.interleave;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.fixtures.Fixtures;
import io.sightline.generate.Decoder;
import io.sightline.generate.GenerateOptions;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.WrapperModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A checkpoint as a graph runs it: inputs as they stand on the wire, padded on the left with id 0's mask, or tensors for a plain net. */
public final class TestModel implements RunnableModel, AutoCloseable {
    private final PretrainedModel model;
    private final String name;
    private final @Nullable WrapperModule generator;
    private final @Nullable TestModel shapes;

    private TestModel(String name, PretrainedModel model) {
        this.name = name;
        this.model = model;
        shapes = null;
        generator = mounted();
    }

    private @Nullable WrapperModule mounted() {
        if (!name.startsWith("models")) {
            return null;
        }
        WrapperModule module = new WrapperModule();
        model.module().mount("generator", module);
        return module;
    }

    @Override
    public Optional<RunnableModel> withoutData() {
        // What a test mounted here is not mounted there.
        return Optional.ofNullable(shapes)
                .filter(twin -> twin.module().namedModules().size()
                        == module().namedModules().size())
                .map(twin -> twin);
    }

    public TestModel(String name) {
        this(name, new LoadOptions("auto", "cpu", "eager"));
    }

    public TestModel(String name, LoadOptions options) {
        this.name = name;
        model = PretrainedModel.open(Fixtures.path(name), options);
        shapes = new TestModel(name, PretrainedModel.shapesOnly(Fixtures.path(name), options));
        generator = mounted();
    }

    @Override
    public Module module() {
        return model.module();
    }

    @Override
    public Device device() {
        return model.device();
    }

    @Override
    public PreparedBatch prepare(List<@Nullable Object> inputs) {
        List<Object> first = new ArrayList<>();
        inputs.forEach(input -> first.add(((List<?>) input).get(0)));
        int[] rows = new int[first.size()];
        if (first.get(0) instanceof Tensor) {
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                tensors.add(((Tensor) first.get(i)).to(device()));
                rows[i] = (int) tensors.get(i).size(0);
            }
            return new PreparedBatch(Args.of(Tensor.cat(tensors, 0)), rows);
        }
        return tokens(first, rows);
    }

    private PreparedBatch tokens(List<Object> inputs, int[] rows) {
        List<long[]> ids = new ArrayList<>();
        List<long[]> masks = new ArrayList<>();
        List<Tensor> labels = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            Map<?, ?> input = (Map<?, ?>) inputs.get(i);
            List<long[]> rowIds = matrix(input.get("input_ids"));
            List<long[]> rowMasks = input.get("attention_mask") == null
                    ? rowIds.stream().map(row -> ones(row.length)).toList()
                    : matrix(input.get("attention_mask"));
            ids.addAll(rowIds);
            masks.addAll(rowMasks);
            rows[i] = rowIds.size();
            if (input.get("labels") instanceof Tensor label) {
                labels.add(label);
            }
        }
        int width = ids.stream().mapToInt(row -> row.length).max().orElse(0);
        long[] flat = new long[ids.size() * width];
        long[] mask = new long[ids.size() * width];
        for (int r = 0; r < ids.size(); r++) {
            int pad = width - ids.get(r).length;
            System.arraycopy(ids.get(r), 0, flat, r * width + pad, ids.get(r).length);
            System.arraycopy(masks.get(r), 0, mask, r * width + pad, ids.get(r).length);
        }
        Args args = new Args(List.of(), Map.of())
                .with("input_ids", Tensor.of(flat, ids.size(), width).to(device()))
                .with("attention_mask", Tensor.of(mask, ids.size(), width).to(device()));
        return new PreparedBatch(
                labels.isEmpty()
                        ? args
                        : args.with("labels", Tensor.cat(labels, 0).to(device())),
                rows);
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static List<long[]> matrix(@Nullable Object value) {
        List<long[]> rows = new ArrayList<>();
        if (value instanceof Tensor tensor) {
            long[] flat = tensor.toLongArray();
            int width = (int) tensor.size(-1);
            for (int r = 0; r < flat.length / width; r++) {
                rows.add(java.util.Arrays.copyOfRange(flat, r * width, (r + 1) * width));
            }
        } else {
            for (Object row : (List<?>) java.util.Objects.requireNonNull(value)) {
                rows.add(((List<?>) row)
                        .stream().mapToLong(id -> ((Number) id).longValue()).toArray());
            }
        }
        return rows;
    }

    @Override
    public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        if (!Boolean.TRUE.equals(kwargs.get("generate"))) {
            return module().call(batch.args());
        }
        int count = ((Number) java.util.Objects.requireNonNull(kwargs.get("max_new_tokens"))).intValue();
        GenerateOptions options = GenerateOptions.of(Fixtures.path(name)).withMaxNewTokens(count);
        Tensor ids = new Decoder(module(), options)
                .generate(batch.args().tensor(0, "input_ids"), batch.args().optionalTensor(1, "attention_mask"));
        return java.util.Objects.requireNonNull(generator).call(Args.of(ids));
    }

    /** How many numbers a token's vector has. */
    int width() {
        return model.config().has("n_embd")
                ? model.config().size("n_embd")
                : model.config().size("hidden_size");
    }

    public DType dtype() {
        return model.dtype();
    }

    @Override
    public void close() {
        if (shapes != null) {
            shapes.close();
        }
        model.close();
    }
}
