package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.LayerOutputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import java.util.ArrayList;
import java.util.List;

/** The layers: {@code [batch, seq, hidden] → same}, in a ModelOutput. */
final class BertEncoder extends Module {
    private final ModuleList layer;

    BertEncoder(BertSettings settings, AttentionKind kind) {
        List<Module> all = new ArrayList<>();
        for (int i = 0; i < settings.layers(); i++) {
            all.add(new BertLayer(settings, kind));
        }
        layer = child("layer", new ModuleList(all));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Tensor hidden = args.tensor(0, "hidden_states");
        LayerOutputs outputs = LayerOutputs.askedFor(call);
        for (Module each : layer) {
            Args given = Args.of(hidden, args.get("attention_mask"), null, null)
                    .with("encoder_attention_mask", null)
                    .with("past_key_values", null)
                    .with("output_attentions", call.isTrue("output_attentions"))
                    .with("cache_position", null);
            hidden = outputs.next(hidden, each.call(given));
        }
        return outputs.addTo(
                new ModelOutput("BaseModelOutputWithPastAndCrossAttentions").with("last_hidden_state", hidden), hidden);
    }
}
