package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.util.Set;

/**
 * A decoder architecture: its {@code model_type}, the prefix of its classes, and in {@link #describe} the switches in which it differs from
 * Llama.
 *
 * <p>Weights, where nothing else is said: {@code model.embed_tokens.weight} [vocab, hidden]; for each layer {@code model.layers.N.} {@code
 * self_attn.q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj}, {@code mlp.gate_proj}, {@code up_proj}, {@code down_proj} ({@code .weight}
 * [out, in], {@code .bias} where there is one), {@code input_layernorm.weight}, {@code post_attention_layernorm.weight}; {@code
 * model.norm.weight}; {@code lm_head.weight} unless tied. The prefix {@code model.} may be missing; {@code rotary_emb.inv_freq} is passed over.
 */
public abstract class DecoderFamily implements Family {
    private final String modelType;
    private final String classPrefix;

    /** @param classPrefix {@code Llama} for {@code LlamaForCausalLM} and the classes in it */
    protected DecoderFamily(String modelType, String classPrefix) {
        this.modelType = modelType;
        this.classPrefix = classPrefix;
    }

    /** Sets the switches of {@code decoder}, which is Llama without biases until then. */
    protected abstract void describe(ModelConfig config, Decoder decoder);

    @Override
    public final Set<String> modelTypes() {
        return Set.of(modelType);
    }

    @Override
    public final Module build(ModelConfig config, AttentionKind attention) {
        return decoder(config, attention).build();
    }

    @Override
    public final ModelConfig fitted(ModelConfig config, Set<String> tensors) {
        return decoder(config, AttentionKind.EAGER).fitted(tensors);
    }

    @Override
    public final WeightNames weightNames(ModelConfig config) {
        return decoder(config, AttentionKind.EAGER).weightNames();
    }

    private Decoder decoder(ModelConfig config, AttentionKind attention) {
        Decoder decoder = new Decoder(classPrefix, config, attention);
        describe(config, decoder);
        return decoder;
    }
}
