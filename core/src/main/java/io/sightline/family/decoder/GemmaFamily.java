package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.RmsNorm;
import io.sightline.nn.Linear.Bias;

/**
 * Gemma: embeddings are scaled by √hidden_size, norms scale by 1 + weight, and the head shares the embedding's weight unless {@code
 * tie_word_embeddings} is false. Config keys: Llama's, but {@code hidden_act} (gelu_pytorch_tanh), {@code head_dim} (256) and {@code
 * attention_bias} (false); no {@code mlp_bias}.
 */
public final class GemmaFamily extends DecoderFamily {
    public GemmaFamily() {
        super("gemma", "Gemma");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        scaled(likeGemma(config, decoder, "hidden_act").attentionBias());
    }

    /** Embeddings are scaled by the model, not by the module that embeds. */
    static Decoder scaled(Decoder decoder) {
        return decoder.model(model ->
                model.scale(DecoderModel.scaledBy(Math.sqrt(decoder.shape().width()))));
    }

    /** What all Gemmas have in common. */
    static Decoder likeGemma(ModelConfig config, Decoder decoder, String activationKey) {
        String activation = config.string(activationKey, "gelu_pytorch_tanh");
        return decoder.headDim(256)
                .mlp(layer -> Mlp.gated(
                        decoder.className("MLP"),
                        decoder.shape().width(),
                        decoder.shape().inner(),
                        activation,
                        Bias.WITHOUT))
                .rmsNorms(RmsNorm.Scale.ONE_PLUS_WEIGHT)
                .tiedByDefault();
    }
}
