package io.sightline.family.opt;

import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import org.jspecify.annotations.Nullable;

/** OPT's base model, a decoder and nothing else: what it is given and what it returns is {@link OPTDecoder}'s. */
final class OPTModel extends Module {
    private final OPTDecoder decoder;

    OPTModel(OptSettings settings, AttentionKind attention) {
        decoder = child("decoder", new OPTDecoder(settings, attention));
    }

    OPTDecoder decoder() {
        return decoder;
    }

    @Override
    protected @Nullable Object forward(Args args) {
        return decoder.call(args);
    }
}
