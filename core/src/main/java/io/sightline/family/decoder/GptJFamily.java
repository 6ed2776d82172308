package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.AttentionCore.Direction;
import io.sightline.family.parts.AttentionCore.Precision;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderLayer.Residual;
import io.sightline.family.parts.DecoderLayer.Returns;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.DecoderShape.GptKeys;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.RopeParameters;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.Linear.Bias;

/**
 * GPT-J: attention and MLP side by side after one norm, rotary positions that turn neighbours in part of each head, scores in float32.
 *
 * <p>Config keys: {@code vocab_size} (50400), {@code n_embd} (4096), {@code n_layer} (28), {@code n_head} (16), {@code rotary_dim} (64), {@code
 * n_inner} (4·n_embd), {@code activation_function} (gelu_new), {@code layer_norm_epsilon} (1e-5), {@code tie_word_embeddings} (false); {@code
 * resid_pdrop}, {@code embd_pdrop}, {@code attn_pdrop} (0) show in the tree only.
 *
 * <p>Weights: {@code transformer.wte}; in each {@code transformer.h.N.}: {@code ln_1}, {@code attn.k_proj}, {@code v_proj}, {@code q_proj}, {@code
 * out_proj} (no biases), {@code mlp.fc_in}, {@code fc_out}; {@code transformer.ln_f}; {@code lm_head} with a bias. The buffers {@code attn.bias} and
 * {@code attn.masked_bias} of old checkpoints are passed over.
 */
public final class GptJFamily extends DecoderFamily {
    private static final GptKeys KEYS = new GptKeys("n_embd", 4096, "n_layer", 28, "n_head", 16, "n_inner");

    public GptJFamily() {
        super("gptj", "GPTJ");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        double residual = config.number("resid_pdrop", 0);
        AttentionCore core = new AttentionCore(
                Math.pow(decoder.shape(() -> shape(config)).shape().headDim(), -0.5), Direction.CAUSAL);
        decoder.layerNorms("layer_norm_epsilon", 1e-5)
                .rotation(Rotation.NEIGHBOURS)
                .rope(() -> rope(config, decoder.shape()))
                .attention(
                        (layer, parts) -> parts.dropoutOfProbabilities("attn_dropout", config.number("attn_pdrop", 0))
                                .dropoutOfOutput("resid_dropout", residual)
                                .projections("k_proj", "v_proj", "q_proj", "out_proj")
                                .core(core.in(Precision.FLOAT32)))
                .mlp(layer -> Mlp.of(
                                "GPTJMLP",
                                decoder.shape().width(),
                                decoder.shape().inner())
                        .bias(Bias.WITH)
                        .up("fc_in")
                        .down("fc_out")
                        .activation("act", decoder.shape().activation())
                        .dropout("dropout", residual)
                        .build())
                .layer(layer -> DecoderLayer.of("GPTJBlock")
                        .in(Slot.BEFORE_ATTENTION, "ln_1", decoder.norm())
                        .attention("attn", decoder.attention(layer))
                        .mlp("mlp", decoder.mlp(layer))
                        .residual(Residual.PARALLEL)
                        .returns(Returns.TUPLE))
                .model("transformer", "wte", () -> model(config, decoder))
                .head("ForCausalLM", "lm_head", Bias.WITH)
                .weightNames(names -> names.ignore("\\.attn\\.(bias|masked_bias|embed_positions)$"));
    }

    private static DecoderShape shape(ModelConfig config) {
        return DecoderShape.ofGpt(config, KEYS, 50400);
    }

    private static RopeParameters rope(ModelConfig config, DecoderShape shape) {
        // Half a number more, so that rounding does not lose one.
        double part = (config.size("rotary_dim", 64) + 0.5) / shape.headDim();
        return RopeParameters.ofPartOfHead(config, shape.headDim(), part, 10_000);
    }

    private static DecoderModel.Builder model(ModelConfig config, Decoder decoder) {
        return decoder.modelOf()
                .embedding("wte", decoder.embedding())
                .addTokenTypes()
                .dropout("drop", config.number("embd_pdrop", 0))
                .layers("h", decoder.layers(), decoder.windows())
                .norm("ln_f", decoder.norm())
                .rotaryOutsideTree(decoder.rotaryEmbedding())
                .layersReturn(Returns.TUPLE)
                .layerKeywords(
                        "layer_past",
                        "attention_mask",
                        "position_ids",
                        "position_embeddings",
                        "use_cache",
                        "output_attentions");
    }
}
