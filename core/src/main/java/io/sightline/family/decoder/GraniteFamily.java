package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.AttentionCore.Direction;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.nn.Linear.Bias;

/**
 * Granite: Llama with four factors. Config keys beyond Llama's: {@code embedding_multiplier}, {@code attention_multiplier} (in place of 1/√head_dim),
 * {@code residual_multiplier}, {@code logits_scaling} (logits are divided by it), all 1 where absent.
 */
public final class GraniteFamily extends DecoderFamily {
    public GraniteFamily() {
        super("granite", "Granite");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        Bias mlpBias = Bias.of(config.flag("mlp_bias", false));
        AttentionCore core = new AttentionCore(config.number("attention_multiplier", 1), Direction.CAUSAL);
        double ofEmbeddings = config.number("embedding_multiplier", 1);
        double ofResiduals = config.number("residual_multiplier", 1);
        double ofLogits = 1 / config.number("logits_scaling", 1);
        decoder.attentionBias(parts -> parts.core(core))
                .mlp(layer -> decoder.gatedMlp(mlpBias))
                .layer(layer -> decoder.preNormLayer(layer).scale(ofResiduals))
                .model(model -> model.scale(embeddings -> embeddings.mul(ofEmbeddings)))
                .head(head -> head.logits(logits -> logits.mul(ofLogits)));
    }
}
