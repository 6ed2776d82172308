package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.RecomputesCache;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A base model and its language model head: ids {@code [batch, seq]} to logits {@code [batch, seq, vocab]}. */
public final class CausalLm extends Module implements RecomputesCache {
    private static final Kernel CAP = Kernel.define(
            "cap logits", "x: Tensor, cap: float", "Tensor", "return torch.mul(torch.tanh(torch.div(x, cap)), cap)");

    private final String className;
    private final BaseCall baseCall;
    private final Module model;
    private final Module head;
    private final UnaryOperator<Tensor> logits;
    private final String outputClass;
    private final @Nullable RopeParameters recomputes;

    /**
     * What differs between heads.
     *
     * @param baseCall how the base model is called
     * @param logits what becomes of the head's output: capped (Gemma 2), scaled (Cohere, Granite)
     * @param outputClass transformers' class for the output
     * @param recomputes whose factors a cached key was turned by, where a sequence that outgrows them computes its cache anew (transformers
     *     {@code Phi3ForCausalLM.prepare_inputs_for_generation}); null for a cache that stays as it is
     */
    public record Switches(
            BaseCall baseCall,
            UnaryOperator<Tensor> logits,
            String outputClass,
            @Nullable RopeParameters recomputes) {
        public static final Switches LLAMA =
                new Switches(BaseCall.LLAMA, UnaryOperator.identity(), "CausalLMOutputWithPast", null);

        public Switches calling(BaseCall other) {
            return new Switches(other, logits, outputClass, recomputes);
        }

        public Switches logits(UnaryOperator<Tensor> other) {
            return new Switches(baseCall, other, outputClass, recomputes);
        }

        public Switches returning(String other) {
            return new Switches(baseCall, logits, other, recomputes);
        }

        public Switches recomputing(RopeParameters rope) {
            return new Switches(baseCall, logits, outputClass, rope);
        }
    }

    /**
     * @param model registered under {@code modelName}
     * @param called what of it is called: the same, but for OPT, whose head calls the decoder in it
     * @param head registered under {@code headName}
     */
    public CausalLm(
            String className,
            String modelName,
            Module model,
            Module called,
            String headName,
            Module head,
            Switches switches) {
        this.className = className;
        child(modelName, model);
        this.model = called;
        this.head = child(headName, head);
        baseCall = switches.baseCall();
        logits = switches.logits();
        outputClass = switches.outputClass();
        recomputes = switches.recomputes();
    }

    /** {@code cap·tanh(logits/cap)}; as they are where the cap is 0. */
    public static UnaryOperator<Tensor> cappedBy(double cap) {
        return cap > 0 ? logits -> CAP.tensor(logits, cap) : UnaryOperator.identity();
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Object base = model.call(baseCall.args(args));
        return CausalLmOutput.of(outputClass, call, base, hidden -> logits.apply(head.call(hidden)));
    }

    @Override
    public boolean mustRecompute(long cached, long length) {
        return recomputes != null && recomputes.changesBetween(cached, length);
    }

    @Override
    public String className() {
        return className;
    }
}
