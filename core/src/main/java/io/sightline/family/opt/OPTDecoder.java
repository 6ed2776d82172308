package io.sightline.family.opt;

import io.sightline.engine.Tensor;
import io.sightline.family.parts.CausalMask;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.LayerOutputs;
import io.sightline.family.parts.LearnedPositions;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Embedding;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Embeddings, layers and final norm: ids {@code [batch, seq]} to hidden states {@code [batch, seq, word_embed_proj_dim]}. */
final class OPTDecoder extends Module {
    private final AttentionKind attention;
    private final int positions;
    private final Embedding embedTokens;
    private final OPTLearnedPositionalEmbedding embedPositions;
    private final @Nullable Linear projectOut;
    private final @Nullable Linear projectIn;
    private final @Nullable LayerNorm finalLayerNorm;
    private final ModuleList layers;

    OPTDecoder(OptSettings settings, AttentionKind attention) {
        this.attention = attention;
        this.positions = settings.positions();
        int narrow = settings.embeddingWidth();
        embedTokens = child("embed_tokens", new Embedding(settings.vocabulary(), narrow, settings.paddingId()));
        embedPositions =
                child("embed_positions", new OPTLearnedPositionalEmbedding(settings.positions(), settings.width()));
        boolean projected = settings.isProjected();
        projectOut = projected ? child("project_out", new Linear(settings.width(), narrow, Linear.Bias.WITHOUT)) : null;
        projectIn = projected ? child("project_in", new Linear(narrow, settings.width(), Linear.Bias.WITHOUT)) : null;
        finalLayerNorm = settings.finalNorm() ? child("final_layer_norm", settings.norm()) : null;
        List<Module> all = new ArrayList<>();
        for (int i = 0; i < settings.layers(); i++) {
            all.add(new OPTDecoderLayer(settings, i, attention));
        }
        layers = child("layers", new ModuleList(all));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        DynamicCache cache = call.cache();
        long past = cache == null ? 0 : cache.length();
        Tensor embeddings = call.embeddings(embedTokens);
        Tensor mask = call.maskOrOnes(past, embeddings);
        Tensor positions = call.givenPositionIds();
        if (positions == null) {
            positions = OPTLearnedPositionalEmbedding.positions(mask, past);
        }
        LearnedPositions.checkRoom(positions, past + embeddings.size(1), this.positions, "max_position_embeddings");
        Tensor placed = Outputs.tensor(embedPositions.call(position(mask, past, positions)));
        Tensor wide = projectIn == null ? embeddings : projectIn.call(embeddings);
        Tensor hidden = wide.add(placed);

        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put(
                "attention_mask", CausalMask.of(mask, hidden, past, attention).full());
        keywords.put("position_ids", positions);
        keywords.put("layer_head_mask", null);
        keywords.put("past_key_values", cache);
        keywords.put("output_attentions", call.isTrue("output_attentions"));
        keywords.put("use_cache", cache != null);
        keywords.put("cache_position", DecoderCall.cachePositions(past, hidden));
        LayerOutputs outputs = LayerOutputs.askedFor(call);
        for (Module layer : layers) {
            hidden = outputs.next(hidden, layer.call(new Args(List.of(hidden), keywords)));
        }
        Tensor normed = finalLayerNorm == null ? hidden : finalLayerNorm.call(hidden);
        Tensor last = projectOut == null ? normed : projectOut.call(normed);
        return outputs.addTo(
                new ModelOutput("BaseModelOutputWithPast")
                        .with("last_hidden_state", last)
                        .with("past_key_values", cache),
                last);
    }

    private static Args position(Tensor mask, long past, Tensor positions) {
        return Args.of(mask, past).with("position_ids", positions);
    }
}
