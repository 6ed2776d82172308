package io.sightline.generate;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A language model whose next token is the last one plus one, below a vocabulary of 10; it writes down what it was called with. */
final class CountingModel extends Module {
    static final int VOCABULARY = 10;

    final List<String> calls = new ArrayList<>();
    final Head head = child("lm_head", new Head());

    static final class Head extends Module {
        @Override
        protected Tensor forward(Args args) {
            long[] ids = args.tensor().toLongArray();
            float[] logits = new float[ids.length * VOCABULARY];
            for (int i = 0; i < ids.length; i++) {
                logits[i * VOCABULARY + (int) ((ids[i] + 1) % VOCABULARY)] = 5;
            }
            return Tensor.of(logits, ids.length, 1, VOCABULARY);
        }
    }

    @Override
    protected ModelOutput forward(Args args) {
        Tensor ids = args.tensor(9, "input_ids");
        calls.add(rows(ids) + " mask " + rows(args.tensor(9, "attention_mask")) + " positions "
                + rows(args.tensor(9, "position_ids")));
        if (args.get("past_key_values") instanceof DynamicCache cache) {
            Tensor entry = ids.unsqueeze(1).unsqueeze(3);
            cache.update(0, entry, entry);
        }
        return new ModelOutput("CausalLMOutputWithPast")
                .with("logits", head.call(ids.narrow(1, ids.size(1) - 1, 1)))
                .with("past_key_values", args.get("past_key_values"));
    }

    private static String rows(Tensor tensor) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < tensor.size(0); row++) {
            rows.add(Arrays.toString(tensor.select(0, row).toLongArray()));
        }
        return String.join("", rows);
    }
}
