package io.sightline.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** torch's reverse-mode differentiation. */
public final class Autograd {
    private static final Kernel GRAD = Kernel.define(
            "autograd.grad",
            "outputs: List[Tensor], seeds: List[Tensor], inputs: List[Tensor]",
            "List[Optional[Tensor]]",
            "gs = annotate(List[Optional[Tensor]], [])",
            "for i in range(torch.len(seeds)):",
            "  _0 = torch.append(gs, seeds[i])",
            "return torch.autograd.grad(outputs, inputs, gs, True, False, True)");

    private Autograd() {}

    /**
     * {@code torch.autograd.grad(outputs, inputs, seeds, retain_graph=True, allow_unused=True)}: the gradient of
     * {@code Σ outputs[i]·seeds[i]} by each of {@code inputs}.
     *
     * @param outputs tensors of this thread's autograd graph
     * @param seeds one for each output, of its shape
     * @return one gradient for each input, {@code null} where no output depends on it
     */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Tensor> gradients(List<Tensor> outputs, List<Tensor> seeds, List<Tensor> inputs) {
        Object gradients = GRAD.call(outputs, seeds, inputs);
        if (gradients == null) {
            throw new TorchException("autograd.grad gave nothing back", null);
        }
        return (List<@Nullable Tensor>) gradients;
    }
}
