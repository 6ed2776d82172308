package io.sightline.family.gpt2;

import io.sightline.engine.Tensor;
import io.sightline.family.parts.CausalMask;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.LayerOutputs;
import io.sightline.family.parts.LearnedPositions;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token and position embeddings, the blocks, the final norm: ids {@code [batch, seq]} to hidden states {@code [batch, seq, n_embd]}. */
final class GPT2Model extends Module {
    private final Gpt2Settings settings;
    private final AttentionKind attention;
    private final Embedding wte;
    private final Embedding wpe;
    private final Dropout drop;
    private final ModuleList blocks;
    private final LayerNorm lnF;

    GPT2Model(Gpt2Settings settings, AttentionKind attention) {
        this.settings = settings;
        this.attention = attention;
        wte = child("wte", new Embedding(settings.vocabulary(), settings.width()));
        wpe = child("wpe", new Embedding(settings.positions(), settings.width()));
        drop = child("drop", new Dropout(settings.embeddingDropout()));
        List<GPT2Block> all = new ArrayList<>();
        for (int i = 0; i < settings.layers(); i++) {
            all.add(new GPT2Block(settings, i, attention));
        }
        blocks = child("h", new ModuleList(all));
        lnF = child("ln_f", new LayerNorm(settings.width(), settings.epsilon()));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        DynamicCache cache = call.cache();
        long past = cache == null ? 0 : cache.length();
        Tensor embeds = call.embeddings(wte);
        LearnedPositions.checkRoom(past + embeds.size(1), settings.positions(), "n_positions");
        Tensor cachePosition = DecoderCall.cachePositions(past, embeds);
        Tensor positions = wpe.call(call.positionIds(cachePosition));
        Tensor mask =
                CausalMask.of(call.attentionMask(), embeds, past, attention).full();
        Tensor hidden = drop.call(withTokenTypes(embeds.add(positions), args));

        LayerOutputs layers = LayerOutputs.askedFor(call);
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("encoder_attention_mask", null);
        keywords.put("use_cache", cache != null);
        keywords.put("output_attentions", call.isTrue("output_attentions"));
        for (Module block : blocks) {
            Args given = new Args(Arrays.asList(hidden, cache, cachePosition, mask, null, null), keywords);
            hidden = layers.next(hidden, block.call(given));
        }
        Tensor last = lnF.call(hidden);
        return layers.addTo(
                new ModelOutput("BaseModelOutputWithPastAndCrossAttentions")
                        .with("last_hidden_state", last)
                        .with("past_key_values", cache),
                last);
    }

    private Tensor withTokenTypes(Tensor hidden, Args args) {
        Tensor types = args.optionalTensor("token_type_ids");
        return types == null ? hidden : hidden.add(wte.call(types));
    }
}
