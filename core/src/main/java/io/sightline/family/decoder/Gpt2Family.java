package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.AttentionParts;
import io.sightline.family.parts.BaseCall;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderLayer.Returns;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.DecoderShape.GptKeys;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear.Bias;
import io.sightline.nn.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2: learned positions, pre-norm blocks, one fused q/k/v projection.
 *
 * <p>Config keys: {@code vocab_size} (50257), {@code n_positions} (1024), {@code n_embd} (768), {@code n_layer} (12), {@code n_head} (12),
 * {@code n_inner} (4·n_embd), {@code activation_function} (gelu_new), {@code layer_norm_epsilon} (1e-5), {@code scale_attn_weights} (true),
 * {@code scale_attn_by_inverse_layer_idx} (false), {@code reorder_and_upcast_attn} (false), {@code tie_word_embeddings} (true), and
 * {@code embd_pdrop}, {@code attn_pdrop}, {@code resid_pdrop} (0.1), which show in the tree only. {@code add_cross_attention} is refused.
 *
 * <p>Weights: {@code transformer.wte.weight} [vocab, n_embd], {@code transformer.wpe.weight} [n_positions, n_embd], for each block {@code
 * transformer.h.N.} {@code ln_1}, {@code ln_2} (weight, bias [n_embd]), {@code attn.c_attn} (weight [n_embd, 3·n_embd], the other way round
 * than a Linear's; bias), {@code attn.c_proj}, {@code mlp.c_fc}, {@code mlp.c_proj}, then {@code transformer.ln_f}; {@code lm_head.weight} is
 * {@code wte}'s where tied. The prefix {@code transformer.} may be missing; the mask buffers {@code attn.bias} and {@code
 * attn.masked_bias} of old checkpoints are passed over.
 */
public final class Gpt2Family extends DecoderFamily {
    private static final BaseCall CALL = new BaseCall(
            true,
            List.of(
                    "past_key_values",
                    "attention_mask",
                    "cache_position",
                    "token_type_ids",
                    "position_ids",
                    "head_mask",
                    "inputs_embeds",
                    "encoder_hidden_states",
                    "encoder_attention_mask",
                    "use_cache",
                    "output_attentions",
                    "output_hidden_states"),
            List.of(),
            true);

    private static final GptKeys KEYS = new GptKeys("n_embd", 768, "n_layer", 12, "n_head", 12, "n_inner");

    public Gpt2Family() {
        super("gpt2", "GPT2");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        if (config.flag("add_cross_attention", false)) {
            throw config.error("add_cross_attention is not supported: there is no encoder to attend to");
        }
        decoder.shape(() -> shape(config))
                .layerNorms("layer_norm_epsilon", 1e-5)
                .rotation(Rotation.NONE)
                .attention((layer, parts) -> attention(config, parts, layer))
                .mlp(layer -> mlp(config, decoder.shape()))
                .layer(layer -> block(decoder, layer))
                .model("transformer", "wte", () -> model(config, decoder))
                .head("LMHeadModel", "lm_head", Bias.WITHOUT)
                .head(head -> head.calling(CALL).returning("CausalLMOutputWithCrossAttentions"))
                .taskHeads("transformer", "classifier")
                .tiedByDefault()
                .weightNames(names -> names.ignore("(^|\\.)h\\.\\d+\\.attn\\.(bias|masked_bias)$"));
    }

    private static DecoderShape shape(ModelConfig config) {
        return DecoderShape.ofGpt(config, KEYS, 50257);
    }

    private static void attention(ModelConfig config, AttentionParts parts, int layer) {
        double scaling =
                config.flag("scale_attn_weights", true) ? Math.pow(shape(config).headDim(), -0.5) : 1;
        boolean scalesByLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
        AttentionCore core =
                new AttentionCore(scalesByLayer ? scaling / (layer + 1) : scaling, AttentionCore.Direction.CAUSAL);
        boolean upcasts = config.flag("reorder_and_upcast_attn", false);
        parts.transposed("c_attn", "c_proj")
                .dropoutOfProbabilities("attn_dropout", config.number("attn_pdrop", 0.1))
                .dropoutOfOutput("resid_dropout", config.number("resid_pdrop", 0.1))
                .core(upcasts ? core.in(AttentionCore.Precision.FLOAT32) : core);
    }

    private static Module mlp(ModelConfig config, DecoderShape shape) {
        return Mlp.of("GPT2MLP", shape.width(), shape.inner())
                .transposed()
                .up("c_fc")
                .down("c_proj")
                .activation("act", shape.activation())
                .dropout("dropout", config.number("resid_pdrop", 0.1))
                .build();
    }

    private static DecoderLayer.Builder block(Decoder decoder, int layer) {
        return DecoderLayer.of("GPT2Block")
                .in(Slot.BEFORE_ATTENTION, "ln_1", decoder.norm())
                .attention("attn", decoder.attention(layer))
                .in(Slot.BEFORE_MLP, "ln_2", decoder.norm())
                .mlp("mlp", decoder.mlp(layer))
                .attentionArgs(Gpt2Family::attentionArgs)
                .returns(Returns.TUPLE);
    }

    private static Args attentionArgs(Tensor hidden, Args block) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("past_key_values", block.get(1, "past_key_values"));
        keywords.put("cache_position", block.get(2, "cache_position"));
        keywords.put("attention_mask", block.get(3, "attention_mask"));
        keywords.put("head_mask", block.get(4, "head_mask"));
        keywords.put("use_cache", block.get("use_cache"));
        keywords.put("output_attentions", Boolean.TRUE.equals(block.get("output_attentions")));
        return new Args(List.of(hidden), keywords);
    }

    private static DecoderModel.Builder model(ModelConfig config, Decoder decoder) {
        int width = decoder.shape().width();
        return decoder.modelOf()
                .embedding("wte", decoder.embedding())
                .positions("wpe", config.size("n_positions", 1024), width, "n_positions")
                .addTokenTypes()
                .dropout("drop", config.number("embd_pdrop", 0.1))
                .layers("h", decoder.layers(), decoder.windows())
                .norm("ln_f", decoder.norm())
                .layersReturn(Returns.TUPLE)
                .layerArguments(
                        "past_key_values", "cache_position", "attention_mask", "head_mask", "encoder_hidden_states")
                .layerKeywords("encoder_attention_mask", "use_cache", "output_attentions")
                .outputClass("BaseModelOutputWithPastAndCrossAttentions");
    }
}
