package io.sightline.family.llama;

import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.DecoderModel;
import io.sightline.nn.AttentionKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Llama's base model, which does not tell its layers {@code use_cache}. */
final class LlamaModel extends DecoderModel {
    LlamaModel(DecoderModel.Parts parts, AttentionKind attention) {
        super("LlamaModel", parts, attention);
    }

    @Override
    protected void addLayerKeywords(Map<String, @Nullable Object> keywords, DecoderCall call, boolean usesCache) {}
}
