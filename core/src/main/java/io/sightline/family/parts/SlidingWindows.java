package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import java.util.List;

/** Which layers look at a window of tokens only, by {@code layer_types} and {@code sliding_window}. */
public final class SlidingWindows {
    private SlidingWindows() {}

    /**
     * The window of a layer whose kind {@code layer_types} names.
     *
     * @param slidesByDefault whether the layer slides where the config has no {@code layer_types}
     * @return {@code sliding_window}, or 0 for a layer that looks at all tokens
     */
    public static long of(ModelConfig config, int layer, boolean slidesByDefault) {
        List<String> types = config.strings("layer_types");
        if (!types.isEmpty() && layer >= types.size()) {
            throw config.error("layer_types has " + types.size() + " entries; layer " + layer + " has none");
        }
        boolean slides = types.isEmpty() ? slidesByDefault : types.get(layer).equals("sliding_attention");
        if (!types.isEmpty() && !slides && !types.get(layer).equals("full_attention")) {
            throw config.error(
                    "layer_types has '" + types.get(layer) + "'; supported: full_attention, sliding_attention");
        }
        return slides && config.has("sliding_window") ? config.size("sliding_window") : 0;
    }
}
