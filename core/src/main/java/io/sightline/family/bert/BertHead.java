package io.sightline.family.bert;

import io.sightline.nn.Args;
import io.sightline.nn.Module;
import org.jspecify.annotations.Nullable;

/** {@code BertOnlyMLMHead}: hidden states {@code [batch, seq, hidden]} to scores {@code [batch, seq, vocab]}. */
final class BertHead extends Module {
    private final BertLMPredictionHead predictions;

    BertHead(BertSettings settings) {
        predictions = child("predictions", new BertLMPredictionHead(settings));
    }

    @Override
    protected @Nullable Object forward(Args args) {
        return predictions.call(args);
    }

    @Override
    public String className() {
        return "BertOnlyMLMHead";
    }
}
