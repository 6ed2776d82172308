package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.BaseCall;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderLayer.Residual;
import io.sightline.family.parts.DecoderLayer.Returns;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.DecoderModel;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.Args;
import io.sightline.nn.Linear.Bias;
import io.sightline.nn.Module;
import java.util.List;

/**
 * GPT-NeoX and Pythia: attention and MLP side by side on one residual, rotary positions on part of each head, one fused q/k/v projection whose
 * output is grouped by head.
 *
 * <p>Config keys: {@code vocab_size}, {@code hidden_size}, {@code num_hidden_layers}, {@code num_attention_heads}, {@code intermediate_size},
 * {@code hidden_act} (gelu), {@code layer_norm_eps} (1e-5), {@code use_parallel_residual} (true), {@code attention_bias} (true), {@code
 * rotary_pct} (0.25), {@code rotary_emb_base} (10000), {@code rope_scaling} or {@code rope_parameters}, {@code tie_word_embeddings} (false);
 * {@code hidden_dropout} (0) shows in the tree only.
 *
 * <p>Weights: {@code gpt_neox.embed_in.weight} [vocab, hidden]; for each layer {@code gpt_neox.layers.N.} {@code input_layernorm}, {@code
 * post_attention_layernorm} (weight, bias), {@code attention.query_key_value} (weight [3·hidden, hidden], bias), {@code attention.dense}, {@code
 * mlp.dense_h_to_4h}, {@code mlp.dense_4h_to_h}; {@code gpt_neox.final_layer_norm}; {@code embed_out.weight} [vocab, hidden] unless tied
 * ({@code lm_head.weight} since transformers 5). The prefix {@code gpt_neox.} may be missing; the buffers {@code attention.bias}, {@code
 * attention.masked_bias} and {@code rotary_emb.inv_freq} of old checkpoints are passed over.
 */
public final class GptNeoxFamily extends DecoderFamily {
    private static final BaseCall CALL = new BaseCall(
            true,
            List.of(
                    "attention_mask",
                    "position_ids",
                    "head_mask",
                    "inputs_embeds",
                    "past_key_values",
                    "use_cache",
                    "output_attentions",
                    "output_hidden_states",
                    "cache_position"),
            List.of(),
            false);

    public GptNeoxFamily() {
        super("gpt_neox", "GPTNeoX");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        double rotated = config.number("rotary_pct", config.number("partial_rotary_factor", 0.25));
        double base = config.number("rotary_emb_base", config.number("rope_theta", 10_000));
        Bias bias = Bias.of(config.flag("attention_bias", true));
        decoder.shape(() -> DecoderShape.ofEqualHeads(config, "gelu"))
                .layerNorms("layer_norm_eps", 1e-5)
                .rope(() -> RopeParameters.ofPartOfHead(config, decoder.shape().headDim(), rotated, base))
                .attention((layer, parts) -> parts.bias(bias, bias)
                        .fused("query_key_value", decoder.shape().heads())
                        .projections("dense"))
                .mlp(layer -> mlp(decoder.shape()))
                .layer(layer -> layer(config, decoder, layer))
                .model("gpt_neox", "embed_in", () -> model(config, decoder))
                .head("ForCausalLM", "embed_out", Bias.WITHOUT)
                .head(head -> head.calling(CALL))
                .taskHeads("gpt_neox", "classifier")
                .weightNames(names ->
                        names.rename("^lm_head\\.", "embed_out.").ignore("\\.attention\\.(bias|masked_bias)$"));
    }

    private static Module mlp(DecoderShape shape) {
        return Mlp.of("GPTNeoXMLP", shape.width(), shape.inner())
                .bias(Bias.WITH)
                .up("dense_h_to_4h")
                .down("dense_4h_to_h")
                .activation("act", shape.activation())
                .build();
    }

    private static DecoderLayer.Builder layer(ModelConfig config, Decoder decoder, int layer) {
        double dropout = config.number("hidden_dropout", 0);
        return DecoderLayer.of("GPTNeoXLayer")
                .in(Slot.BEFORE_ATTENTION, "input_layernorm", decoder.norm())
                .in(Slot.BEFORE_MLP, "post_attention_layernorm", decoder.norm())
                .dropout(Slot.AFTER_ATTENTION, "post_attention_dropout", dropout)
                .dropout(Slot.AFTER_MLP, "post_mlp_dropout", dropout)
                .attention("attention", decoder.attention(layer))
                .mlp("mlp", decoder.mlp(layer))
                .attentionArgs(GptNeoxFamily::attentionArgs)
                .returns(Returns.TUPLE)
                .residual(config.flag("use_parallel_residual", true) ? Residual.PARALLEL : Residual.SEQUENTIAL);
    }

    private static Args attentionArgs(Tensor hidden, Args layer) {
        return new Args(List.of(hidden), layer.keywords());
    }

    private static DecoderModel.Builder model(ModelConfig config, Decoder decoder) {
        return decoder.modelOf()
                .embedding("embed_in", decoder.embedding())
                .dropout("emb_dropout", config.number("hidden_dropout", 0))
                .layers("layers", decoder.layers(), decoder.windows())
                .norm("final_layer_norm", decoder.norm())
                .rotary("rotary_emb", decoder.rotaryEmbedding())
                .layersReturn(Returns.TUPLE)
                .layerKeywords(
                        "attention_mask",
                        "position_ids",
                        "head_mask",
                        "layer_past",
                        "use_cache",
                        "output_attentions",
                        "cache_position",
                        "position_embeddings");
    }
}
