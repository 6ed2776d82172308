package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** {@code decoder(transform(x))}; its own parameter {@code bias} is the decoder's as well. */
final class BertLMPredictionHead extends Module {
    private final Transform transform;
    private final Linear decoder;

    BertLMPredictionHead(BertSettings settings) {
        parameter("bias", settings.vocabulary());
        transform = child("transform", new Transform(settings));
        decoder = child("decoder", new Linear(settings.width(), settings.vocabulary(), Linear.Bias.WITH));
    }

    @Override
    protected Tensor forward(Args args) {
        return decoder.call(transform.call(args.tensor(0, "hidden_states")));
    }

    /** {@code LayerNorm(transform_act_fn(dense(x)))}, {@code [batch, seq, hidden] → same}. */
    private static final class Transform extends Module {
        private final Linear dense;
        private final Activation activation;
        private final LayerNorm norm;

        Transform(BertSettings settings) {
            dense = child("dense", new Linear(settings.width(), settings.width(), Linear.Bias.WITH));
            activation = child("transform_act_fn", Activation.ofConfig(settings.activation()));
            norm = child("LayerNorm", settings.norm());
        }

        @Override
        protected Tensor forward(Args args) {
            return norm.call(activation.call(dense.call(args.tensor(0, "hidden_states"))));
        }

        @Override
        public String className() {
            return "BertPredictionHeadTransform";
        }
    }
}
