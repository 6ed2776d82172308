package io.sightline.family.parts;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Embedding;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The base model of Llama-like models: {@code embed_tokens}, {@code layers}, {@code norm}, {@code rotary_emb}; ids {@code [batch, seq]} to hidden
 * states {@code [batch, seq, hidden]}. Architectures that scale their embeddings or tell their layers more override the two hooks.
 */
public class DecoderModel extends Module {
    private final String className;
    private final AttentionKind attention;
    private final List<Long> windows;
    private final Embedding embedTokens;
    private final ModuleList layers;
    private final Module norm;
    private final RotaryEmbedding rotaryEmb;

    /**
     * What a base model is made of.
     *
     * @param windows for each layer, how many tokens it looks back at, its own included; 0 for all
     */
    public record Parts(
            Embedding embedTokens,
            List<? extends Module> layers,
            Module norm,
            RotaryEmbedding rotaryEmb,
            List<Long> windows) {
        public Parts {
            layers = List.copyOf(layers);
            windows = List.copyOf(windows);
        }
    }

    public DecoderModel(String className, Parts parts, AttentionKind attention) {
        this.className = className;
        this.attention = attention;
        this.windows = parts.windows();
        this.embedTokens = child("embed_tokens", parts.embedTokens());
        this.layers = child("layers", new ModuleList(parts.layers()));
        this.norm = child("norm", parts.norm());
        this.rotaryEmb = child("rotary_emb", parts.rotaryEmb());
    }

    /** What enters the first layer, from the token embeddings. */
    protected Tensor scaledEmbeddings(Tensor embeddings) {
        return embeddings;
    }

    /** Adds what this architecture tells each layer besides masks, positions and the cache. */
    protected void addLayerKeywords(Map<String, @Nullable Object> keywords, DecoderCall call, boolean usesCache) {
        keywords.put("use_cache", usesCache);
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        DynamicCache cache = call.cache();
        long past = cache == null ? 0 : cache.length();
        Tensor hidden = call.embeddings(embedTokens);
        Tensor cachePosition = DecoderCall.cachePositions(past, hidden);
        Tensor positions = call.positionIds(cachePosition);
        CausalMask mask = CausalMask.of(call.attentionMask(), hidden, past, attention);
        hidden = scaledEmbeddings(hidden);

        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("attention_mask", null);
        keywords.put("position_ids", positions);
        keywords.put("past_key_values", cache);
        keywords.put("cache_position", cachePosition);
        keywords.put("position_embeddings", rotaryEmb.call(Args.of(hidden, positions)));
        addLayerKeywords(keywords, call, cache != null);
        LayerOutputs outputs = LayerOutputs.hiddenStatesAskedFor(call);
        try (RecordedAttentions attentions = RecordedAttentions.askedFor(call, layers)) {
            int index = 0;
            for (Module layer : layers) {
                long window = windows.get(index++);
                keywords.put("attention_mask", window == 0 ? mask.full() : mask.sliding(window));
                hidden = outputs.next(hidden, layer.call(new Args(List.of(hidden), keywords)));
            }
            Tensor last = norm.call(hidden);
            ModelOutput output = new ModelOutput(outputClass())
                    .with("last_hidden_state", last)
                    .with("past_key_values", cache);
            return attentions.addTo(outputs.addTo(output, last));
        }
    }

    /** transformers' class for the output. */
    protected String outputClass() {
        return "BaseModelOutputWithPast";
    }

    @Override
    public String className() {
        return className;
    }
}
