package io.sightline.token;

import io.sightline.checkpoint.ModelConfig;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The id that fills short rows of a batch. It is masked, so that it changes no result; a row of pads shows it. */
public final class PadToken {
    private PadToken() {}

    /** The tokenizer's own pad token, else its EOS; without either what the config says, else 0. */
    public static long id(@Nullable Tokenizer tokenizer, ModelConfig config) {
        if (tokenizer != null) {
            OptionalLong pad = tokenizer.padId();
            OptionalLong given = pad.isPresent() ? pad : tokenizer.eosId();
            if (given.isPresent()) {
                return given.getAsLong();
            }
        }
        List<Long> eos = config.ids("eos_token_id");
        // Some configs say -1 for none.
        long pad = config.integer("pad_token_id", -1);
        return pad >= 0 ? pad : eos.isEmpty() ? 0 : eos.get(0);
    }
}
