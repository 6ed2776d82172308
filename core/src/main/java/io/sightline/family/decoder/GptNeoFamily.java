package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.AttentionParts;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GPT-Neo: learned positions, pre-norm blocks, a window on layers that {@code attention_layers} calls local, scores in float32 that are not scaled.
 *
 * <p>Config keys: {@code vocab_size} (50257), {@code max_position_embeddings} (2048), {@code hidden_size} (2048), {@code num_layers} (24), {@code
 * num_heads} (16), {@code intermediate_size} (4·hidden_size), {@code attention_layers} (global or local, for each layer), {@code window_size} (256),
 * {@code activation_function} (gelu_new), {@code layer_norm_epsilon} (1e-5), {@code tie_word_embeddings} (true); {@code embed_dropout}, {@code
 * attention_dropout}, {@code resid_dropout} (0) show in the tree only.
 *
 * <p>Weights: {@code transformer.wte}, {@code wpe}; in each {@code transformer.h.N.}: {@code ln_1}, {@code attn.attention.k_proj}, {@code v_proj},
 * {@code q_proj} (no biases), {@code out_proj}, {@code ln_2}, {@code mlp.c_fc}, {@code mlp.c_proj}; {@code transformer.ln_f}. The buffers {@code
 * attention.bias} and {@code attention.masked_bias} of old checkpoints are passed over.
 */
public final class GptNeoFamily extends DecoderFamily {
    private static final GptKeys KEYS =
            new GptKeys("hidden_size", 2048, "num_layers", 24, "num_heads", 16, "intermediate_size");

    public GptNeoFamily() {
        super("gpt_neo", "GPTNeo");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.shape(() -> shape(config))
                .layerNorms("layer_norm_epsilon", 1e-5)
                .rotation(Rotation.NONE)
                .attentionClass("SelfAttention")
                .attention((layer, parts) -> attention(config, parts))
                .mlp(layer -> mlp(config, decoder.shape()))
                .layer(layer -> DecoderLayer.of("GPTNeoBlock")
                        .in(Slot.BEFORE_ATTENTION, "ln_1", decoder.norm())
                        .attention("attn", new GPTNeoAttention(decoder.attention(layer)))
                        .in(Slot.BEFORE_MLP, "ln_2", decoder.norm())
                        .mlp("mlp", decoder.mlp(layer))
                        .returns(Returns.TUPLE))
                .window(layer -> window(config, layer))
                .model("transformer", "wte", () -> model(config, decoder))
                .taskHeads("transformer", "classifier")
                .tiedByDefault()
                .weightNames(names -> names.ignore("\\.attn\\.attention\\.(bias|masked_bias)$"));
    }

    private static DecoderShape shape(ModelConfig config) {
        return DecoderShape.ofGpt(config, KEYS, 50257);
    }

    private static long window(ModelConfig config, int layer) {
        List<String> layers = config.strings("attention_layers");
        if (layer >= layers.size()) {
            throw config.error("attention_layers has " + layers.size() + " entries; layer " + layer
                    + " has none (global or local)");
        }
        return switch (layers.get(layer)) {
            case "global" -> 0;
            case "local" -> config.size("window_size", 256);
            default -> throw config.error("attention_layers has '" + layers.get(layer) + "'; supported: global, local");
        };
    }

    private static void attention(ModelConfig config, AttentionParts parts) {
        AttentionCore core = new AttentionCore(1, AttentionCore.Direction.CAUSAL);
        parts.dropoutOfProbabilities("attn_dropout", config.number("attention_dropout", 0))
                .dropoutOfOutput("resid_dropout", config.number("resid_dropout", 0))
                .bias(Bias.WITHOUT, Bias.WITH)
                .projections("k_proj", "v_proj", "q_proj", "out_proj")
                .core(core.in(AttentionCore.Precision.FLOAT32));
    }

    private static Module mlp(ModelConfig config, DecoderShape shape) {
        return Mlp.of("GPTNeoMLP", shape.width(), shape.inner())
                .bias(Bias.WITH)
                .up("c_fc")
                .down("c_proj")
                .activation("act", shape.activation())
                .dropout("dropout", config.number("resid_dropout", 0))
                .build();
    }

    private static DecoderModel.Builder model(ModelConfig config, Decoder decoder) {
        int width = decoder.shape().width();
        return decoder.modelOf()
                .embedding("wte", decoder.embedding())
                .positions("wpe", config.size("max_position_embeddings", 2048), width, "max_position_embeddings")
                .addTokenTypes()
                .dropout("drop", config.number("embed_dropout", 0))
                .layers("h", decoder.layers(), decoder.windows())
                .norm("ln_f", decoder.norm())
                .layersReturn(Returns.TUPLE)
                .layerKeywords("layer_past", "attention_mask", "use_cache", "output_attentions", "cache_position");
    }

    /** Holds the attention and passes everything on to it. */
    private static final class GPTNeoAttention extends Module {
        private final Module attention;

        GPTNeoAttention(Module attention) {
            this.attention = child("attention", attention);
        }

        @Override
        protected @Nullable Object forward(Args args) {
            return attention.call(args);
        }
    }
}
