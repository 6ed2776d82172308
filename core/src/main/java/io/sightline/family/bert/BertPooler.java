package io.sightline.family.bert;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.List;

/**
 * {@code activation(dense(x))} of each row's first token: {@code [batch, seq, hidden] → [batch, hidden]}. Where a row is padded on the left, that is
 * the first token that {@code attention_mask} has.
 */
final class BertPooler extends Module {
    private static final Kernel FIRST_TOKEN = Kernel.define(
            "first token",
            "hidden: Tensor, masks: List[Tensor]",
            "Tensor",
            "first = torch.select(hidden, 1, 0)",
            "for mask in masks:",
            "  at = torch.argmax(torch.to(torch.ne(mask, 0), 4), 1)",
            "  at = torch.expand(torch.reshape(at, [-1, 1, 1]), [-1, 1, torch.size(hidden, 2)])",
            "  first = torch.squeeze(torch.gather(hidden, 1, at), 1)",
            "return first");

    private final Linear dense;
    private final Activation activation;

    BertPooler(BertSettings settings) {
        dense = child("dense", new Linear(settings.width(), settings.width(), Linear.Bias.WITH));
        activation = child("activation", Activation.ofTorch("Tanh"));
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor mask = args.optionalTensor("attention_mask");
        List<Tensor> masks = mask != null && mask.dimensions() == 2 ? List.of(mask) : List.of();
        Tensor first = FIRST_TOKEN.tensor(args.tensor(0, "hidden_states"), masks);
        return activation.call(dense.call(first));
    }
}
