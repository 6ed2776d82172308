package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.DecoderLayer.Returns;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Dropout;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Embedding;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A decoder's base model: token embeddings, the layers, a final norm; ids {@code [batch, seq]} to hidden states {@code [batch, seq, hidden]}.
 * Positions are rotary, learned, or both left out. What it is made of and what each layer is told is the {@link Builder}'s.
 */
public final class DecoderModel extends Module {
    private static final Kernel SCALE = Kernel.define(
            "scale embeddings",
            "x: Tensor, factor: float",
            "Tensor",
            "f = torch.tensor(factor, dtype=ops.prim.dtype(x), device=ops.prim.device(x))",
            "return torch.mul(x, f)");

    private final Builder parts;
    private final Embedding embedding;
    private final ModuleList layers;
    private final Module norm;

    private DecoderModel(Builder builder) {
        parts = builder;
        embedding = Objects.requireNonNull(builder.embedding);
        layers = Objects.requireNonNull(builder.layers);
        norm = Objects.requireNonNull(builder.norm);
        builder.children.forEach(this::child);
    }

    public static Builder of(String className, AttentionKind attention) {
        return new Builder(className, attention);
    }

    /** Multiplies embeddings by {@code factor}, rounded to their dtype first (Gemma). */
    public static UnaryOperator<Tensor> scaledBy(double factor) {
        return embeddings -> SCALE.tensor(embeddings, factor);
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        DynamicCache cache = call.cache();
        long past = cache == null ? 0 : cache.length();
        Tensor embeddings = call.embeddings(embedding);
        if (parts.positions != null) {
            LearnedPositions.checkRoom(past + embeddings.size(1), parts.positionCount, parts.positionKey);
        }
        Tensor cachePosition = DecoderCall.cachePositions(past, embeddings);
        Tensor positions = call.positionIds(cachePosition);
        CausalMask mask = CausalMask.of(call.attentionMask(), embeddings, past, parts.attention);
        Tensor hidden = entered(embeddings, positions, args);
        LayerInputs inputs = new LayerInputs(call, positions, cachePosition, cache, new LinkedHashMap<>());
        LayerOutputs outputs =
                parts.returns == Returns.TUPLE ? LayerOutputs.askedFor(call) : LayerOutputs.hiddenStatesAskedFor(call);
        try (RecordedAttentions attentions = parts.returns == Returns.TUPLE
                ? RecordedAttentions.none()
                : RecordedAttentions.askedFor(call, layers)) {
            int index = 0;
            for (Module layer : layers) {
                long window = parts.windows.isEmpty() ? 0 : parts.windows.get(index);
                Tensor seen = window == 0 ? mask.full() : mask.sliding(window);
                hidden = outputs.next(hidden, layer.call(layerArgs(hidden, seen, inputs, index++)));
            }
            Tensor last = norm.call(hidden);
            ModelOutput output = new ModelOutput(parts.outputClass)
                    .with("last_hidden_state", last)
                    .with("past_key_values", cache);
            return attentions.addTo(outputs.addTo(output, last));
        }
    }

    private Tensor entered(Tensor embeddings, Tensor positions, Args args) {
        Tensor hidden = parts.scale.apply(embeddings);
        if (parts.positions != null) {
            hidden = hidden.add(parts.positions.call(positions));
        }
        Tensor types = parts.addsTokenTypes ? args.optionalTensor("token_type_ids") : null;
        if (types != null) {
            hidden = hidden.add(embedding.call(types));
        }
        for (Module module : parts.entrance) {
            hidden = module.call(hidden);
        }
        return hidden;
    }

    /** What all layers of one call share; {@code rotary} keeps each kind's cosines and sines. */
    private record LayerInputs(
            DecoderCall call,
            Tensor positions,
            Tensor cachePosition,
            @Nullable DynamicCache cache,
            Map<String, Object> rotary) {}

    private Args layerArgs(Tensor hidden, @Nullable Tensor mask, LayerInputs inputs, int layer) {
        List<@Nullable Object> positional = new ArrayList<>();
        positional.add(hidden);
        parts.layerArguments.forEach(name -> positional.add(value(name, hidden, mask, inputs, layer)));
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        parts.layerKeywords.forEach(name -> keywords.put(name, value(name, hidden, mask, inputs, layer)));
        return new Args(positional, keywords);
    }

    private @Nullable Object value(String name, Tensor hidden, @Nullable Tensor mask, LayerInputs inputs, int layer) {
        return switch (name) {
            case "attention_mask" -> mask;
            case "position_ids" -> inputs.positions;
            case "past_key_values", "layer_past" -> inputs.cache;
            case "cache_position" -> inputs.cachePosition;
            case "position_embeddings" -> rotary(hidden, inputs, layer);
            case "use_cache" -> inputs.cache != null;
            case "output_attentions" -> inputs.call.isTrue(name);
            case "output_router_logits" -> false;
            default -> null;
        };
    }

    private @Nullable Object rotary(Tensor hidden, LayerInputs inputs, int layer) {
        RotaryEmbedding rotary = parts.rotary;
        if (rotary == null) {
            return null;
        }
        String kind = parts.rotaryKinds.isEmpty() ? "" : parts.rotaryKinds.get(layer);
        return inputs.rotary.computeIfAbsent(kind, k -> {
            Args args = Args.of(hidden, inputs.positions);
            return Objects.requireNonNull(rotary.call(kind.isEmpty() ? args : args.with("layer_type", kind)));
        });
    }

    @Override
    public String className() {
        return parts.className;
    }

    /** What the model is made of; children stand in the order of these calls. */
    public static final class Builder {
        private final String className;
        private final AttentionKind attention;
        private final Map<String, Module> children = new LinkedHashMap<>();
        private final List<Module> entrance = new ArrayList<>();
        private List<Long> windows = List.of();
        private List<String> layerArguments = List.of();
        private List<String> layerKeywords = List.of(
                "attention_mask",
                "position_ids",
                "past_key_values",
                "cache_position",
                "position_embeddings",
                "use_cache");
        private List<String> rotaryKinds = List.of();
        private UnaryOperator<Tensor> scale = UnaryOperator.identity();
        private Returns returns = Returns.TENSOR;
        private String outputClass = "BaseModelOutputWithPast";
        private String positionKey = "";
        private int positionCount;
        private boolean addsTokenTypes;
        private @Nullable Embedding embedding;
        private @Nullable Embedding positions;
        private @Nullable ModuleList layers;
        private @Nullable Module norm;
        private @Nullable RotaryEmbedding rotary;

        private Builder(String className, AttentionKind attention) {
            this.className = className;
            this.attention = attention;
        }

        public Builder embedding(String name, Embedding module) {
            embedding = add(name, module);
            return this;
        }

        /** Learned positions. @param key the config key that says how many there are */
        public Builder positions(String name, int count, int width, String key) {
            positionCount = count;
            positionKey = key;
            positions = add(name, new Embedding(count, width));
            return this;
        }

        /** {@code token_type_ids}, where given, are embedded by the token embeddings and added. */
        public Builder addTokenTypes() {
            addsTokenTypes = true;
            return this;
        }

        /** What embeddings go through before all else. */
        public Builder scale(UnaryOperator<Tensor> scale) {
            this.scale = scale;
            return this;
        }

        /** A module that hidden states go through before the first layer. */
        public Builder entrance(String name, Module module) {
            entrance.add(add(name, module));
            return this;
        }

        public Builder dropout(String name, double share) {
            return entrance(name, new Dropout(share));
        }

        /** @param windows for each layer, how many tokens it looks back at, its own included; 0 for all */
        public Builder layers(String name, List<? extends Module> all, List<Long> windows) {
            this.windows = List.copyOf(windows);
            layers = add(name, new ModuleList(all));
            return this;
        }

        public Builder norm(String name, Module module) {
            norm = add(name, module);
            return this;
        }

        public Builder rotary(String name, RotaryEmbedding module) {
            return rotaryOutsideTree(add(name, module));
        }

        /** Rotary positions that are no module of the tree (GPT-J's attention makes its own). */
        public Builder rotaryOutsideTree(RotaryEmbedding module) {
            rotary = module;
            return this;
        }

        /** For each layer, which kind of the rotary embedding's it is turned by. */
        public Builder rotaryKinds(List<String> kinds) {
            rotaryKinds = List.copyOf(kinds);
            return this;
        }

        /** What layers are told by position, after the hidden states. */
        public Builder layerArguments(String... names) {
            layerArguments = List.of(names);
            return this;
        }

        /** What layers are told by keyword. */
        public Builder layerKeywords(String... names) {
            layerKeywords = List.of(names);
            return this;
        }

        /** One keyword more. */
        public Builder moreLayerKeyword(String name) {
            List<String> more = new ArrayList<>(layerKeywords);
            more.add(name);
            layerKeywords = more;
            return this;
        }

        public Builder layersReturn(Returns returns) {
            this.returns = returns;
            return this;
        }

        /** transformers' class of the output. */
        public Builder outputClass(String outputClass) {
            this.outputClass = outputClass;
            return this;
        }

        public DecoderModel build() {
            return new DecoderModel(this);
        }

        private <M extends Module> M add(String name, M module) {
            children.put(name, module);
            return module;
        }
    }
}
