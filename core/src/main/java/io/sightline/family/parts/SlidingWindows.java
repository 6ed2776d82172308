package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which layers look at a window of tokens only, and how long it is: {@code sliding_window} tokens, the layer's own included. 0 stands for a
 * layer that looks at all tokens.
 */
public final class SlidingWindows {
    /** transformers' default, where the config does not name the key at all. */
    private static final int DEFAULT_WINDOW = 4096;

    private SlidingWindows() {}

    /** The window of a model that has one on every layer (Mistral). */
    public static long onEveryLayer(ModelConfig config) {
        return window(config);
    }

    /** The window of a model that has one on every layer where the config names it, and none else (Phi-3, Mixtral). */
    public static long ifNamed(ModelConfig config) {
        return config.has("sliding_window") ? config.size("sliding_window") : 0;
    }

    /**
     * The window of a layer by {@code layer_types}; without those, of the layers from {@code max_window_layers} on (Qwen). There is none
     * unless {@code use_sliding_window} is true.
     */
    public static long ofUpperLayers(ModelConfig config, int layer) {
        if (!config.flag("use_sliding_window", false)) {
            return 0;
        }
        boolean slides = config.has("layer_types")
                ? slidesByType(config, layer)
                : layer >= config.integer("max_window_layers", 28);
        return slides ? window(config) : 0;
    }

    /** The window of a layer by {@code layer_types}; without those, of every other layer, the first one included (Gemma 2). */
    public static long ofEveryOtherLayer(ModelConfig config, int layer) {
        boolean slides = config.has("layer_types") ? slidesByType(config, layer) : layer % 2 == 0;
        return slides ? window(config) : 0;
    }

    /** The window of a layer by {@code layer_types}; without those, of all but every {@code n}-th layer (Gemma 3, OLMo 3, Cohere 2). */
    public static long ofAllButEvery(int n, ModelConfig config, int layer) {
        return slidesButEvery(n, config, layer) ? window(config) : 0;
    }

    /** Whether a layer slides, as {@link #ofAllButEvery} has it. */
    public static boolean slidesButEvery(int n, ModelConfig config, int layer) {
        return config.has("layer_types") ? slidesByType(config, layer) : (layer + 1) % n != 0;
    }

    /** For each layer, the kind of the rotary embeddings that it is turned by ({@link RopeParameters#ofLayerTypes}). */
    public static List<String> kinds(int n, ModelConfig config, int layers) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> slidesButEvery(n, config, layer) ? "sliding_attention" : "full_attention")
                .toList();
    }

    private static boolean slidesByType(ModelConfig config, int layer) {
        List<String> types = config.strings("layer_types");
        if (layer >= types.size()) {
            throw config.error("layer_types has " + types.size() + " entries; layer " + layer + " has none");
        }
        return switch (types.get(layer)) {
            case "sliding_attention" -> true;
            case "full_attention" -> false;
            default ->
                throw config.error(
                        "layer_types has '" + types.get(layer) + "'; supported: full_attention, sliding_attention");
        };
    }

    private static long window(ModelConfig config) {
        return config.isNull("sliding_window") ? 0 : config.size("sliding_window", DEFAULT_WINDOW);
    }
}
