package io.sightline.family.parts;

import io.sightline.nn.AttentionKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The base model of a mixture of experts, which tells its layers {@code output_router_logits} as well. */
public final class ExpertModel extends DecoderModel {
    public ExpertModel(String className, DecoderModel.Parts parts, AttentionKind attention) {
        super(className, parts, attention);
    }

    @Override
    protected void addLayerKeywords(Map<String, @Nullable Object> keywords, DecoderCall call, boolean usesCache) {
        keywords.put("use_cache", usesCache);
        keywords.put("output_router_logits", false);
    }

    @Override
    protected String outputClass() {
        return "MoeModelOutputWithPast";
    }
}
