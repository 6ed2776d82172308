package io.sightline.family.gpt_neox;

import io.sightline.engine.Tensor;
import io.sightline.family.parts.CausalMask;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.LayerOutputs;
import io.sightline.family.parts.RotaryEmbedding;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Dropout;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Embedding;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token embeddings, the layers, the final norm: ids {@code [batch, seq]} to hidden states {@code [batch, seq, hidden]}. */
final class GPTNeoXModel extends Module {
    private final AttentionKind attention;
    private final Embedding embedIn;
    private final Dropout embDropout;
    private final ModuleList layers;
    private final LayerNorm finalLayerNorm;
    private final RotaryEmbedding rotaryEmb;

    GPTNeoXModel(NeoxSettings settings, AttentionKind attention) {
        this.attention = attention;
        embedIn = child("embed_in", new Embedding(settings.vocabulary(), settings.width()));
        embDropout = child("emb_dropout", new Dropout(settings.dropout()));
        List<GPTNeoXLayer> all = new ArrayList<>();
        for (int i = 0; i < settings.layers(); i++) {
            all.add(new GPTNeoXLayer(settings, i, attention));
        }
        layers = child("layers", new ModuleList(all));
        finalLayerNorm = child("final_layer_norm", new LayerNorm(settings.width(), settings.epsilon()));
        rotaryEmb = child("rotary_emb", new RotaryEmbedding("GPTNeoXRotaryEmbedding", settings.rope()));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        DynamicCache cache = call.cache();
        long past = cache == null ? 0 : cache.length();
        Tensor embeds = call.embeddings(embedIn);
        Tensor cachePosition = DecoderCall.cachePositions(past, embeds);
        Tensor positions = call.positionIds(cachePosition);
        Tensor mask =
                CausalMask.of(call.attentionMask(), embeds, past, attention).full();
        Tensor hidden = embDropout.call(embeds);

        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("attention_mask", mask);
        keywords.put("position_ids", positions);
        keywords.put("head_mask", null);
        keywords.put("layer_past", cache);
        keywords.put("use_cache", cache != null);
        keywords.put("output_attentions", call.isTrue("output_attentions"));
        keywords.put("cache_position", cachePosition);
        keywords.put("position_embeddings", rotaryEmb.call(Args.of(hidden, positions)));
        LayerOutputs outputs = LayerOutputs.askedFor(call);
        for (Module layer : layers) {
            hidden = outputs.next(hidden, layer.call(new Args(List.of(hidden), keywords)));
        }
        Tensor last = finalLayerNorm.call(hidden);
        return outputs.addTo(
                new ModelOutput("BaseModelOutputWithPast")
                        .with("last_hidden_state", last)
                        .with("past_key_values", cache),
                last);
    }
}
