package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a config says of its rotary embedding: {@code rope_parameters} (transformers 5), or {@code rope_theta} and {@code rope_scaling}
 * (before). It gives the inverse frequencies as {@code modeling_rope_utils.py} computes them.
 *
 * <p>Types: {@code default}; {@code linear}; {@code dynamic}, whose frequencies follow the longest position of each call; {@code llama3};
 * {@code yarn}; {@code longrope}, which has two sets for short and for long sequences.
 */
public final class RopeParameters {
    private final ModelConfig config;
    private final ModelConfig scaling;
    private final String type;
    private final double theta;
    private final int dim;

    private RopeParameters(ModelConfig config, ModelConfig scaling, String type, double theta, int dim) {
        this.config = config;
        this.scaling = scaling;
        this.type = type;
        this.theta = theta;
        this.dim = dim;
    }

    /**
     * Of a model that rotates whole heads, whatever {@code partial_rotary_factor} says.
     *
     * @param headDim a head's width
     * @param base the longest wavelength where the config names no {@code rope_theta}
     * @throws IllegalArgumentException if the type is unknown or lacks one of its values
     */
    public static RopeParameters ofWholeHead(ModelConfig config, int headDim, double base) {
        return of(config, headDim, OptionalDouble.empty(), config.number("rope_theta", base));
    }

    /**
     * Of a model that may rotate a part of each head only.
     *
     * @param partialFactor the part of a head that is rotated, unless {@code rope_parameters} names it as {@code partial_rotary_factor}
     * @param base the longest wavelength, unless {@code rope_parameters} names it as {@code rope_theta}
     */
    public static RopeParameters ofPartOfHead(ModelConfig config, int headDim, double partialFactor, double base) {
        return of(config, headDim, OptionalDouble.of(partialFactor), base);
    }

    /**
     * Of each {@code layer_type}: {@code rope_parameters} has an object for each (transformers 5); before, {@code rope_theta} and {@code
     * rope_scaling} are those of layers that look at all tokens, and layers with a window have {@code windowBase}.
     */
    public static Map<String, RopeParameters> ofLayerTypes(
            ModelConfig config, int headDim, double base, double windowBase) {
        Map<String, RopeParameters> kinds = new LinkedHashMap<>();
        for (String kind : List.of("full_attention", "sliding_attention")) {
            boolean slides = kind.startsWith("sliding");
            Optional<ModelConfig> own = config.object("rope_parameters").flatMap(all -> all.object(kind));
            ModelConfig spelled = own.map(object -> config.with("rope_parameters", object))
                    .orElseGet(() -> slides
                            ? config.with("rope_parameters", Map.of("rope_type", "default", "rope_theta", windowBase))
                            : config);
            kinds.put(kind, ofWholeHead(spelled, headDim, slides ? windowBase : base));
        }
        return kinds;
    }

    private static RopeParameters of(ModelConfig config, int headDim, OptionalDouble partialFactor, double base) {
        Optional<ModelConfig> newer = config.object("rope_parameters");
        ModelConfig scaling = newer.or(() -> config.object("rope_scaling")).orElse(config);
        boolean isScaled = scaling != config;
        String type = isScaled ? type(scaling) : "default";
        double theta = isScaled ? scaling.number("rope_theta", base) : base;
        if (!(theta > 0)) {
            throw config.error("rope_theta must be over 0, but is " + theta);
        }
        double partial = partialFactor.isEmpty()
                ? 1
                : isScaled
                        ? scaling.number("partial_rotary_factor", partialFactor.getAsDouble())
                        : partialFactor.getAsDouble();
        int dim = (int) (headDim * partial);
        // Pairs are turned: of an odd number, one more is, where the head has one more.
        if (dim < 1 || dim + dim % 2 > headDim) {
            throw config.error("a rotary embedding turns pairs, but " + dim + " of a head's " + headDim
                    + " numbers are to be rotated (head_dim, partial_rotary_factor)");
        }
        RopeParameters rope = new RopeParameters(config, scaling, type, theta, dim);
        rope.inverseFrequencies(1);
        rope.attentionScaling();
        return rope;
    }

    /** {@code rope_type}, or {@code type} before transformers 4.45; the first Phi-3 checkpoints call longrope su or yarn. */
    private static String type(ModelConfig scaling) {
        String type = scaling.string("rope_type", scaling.string("type", "default"));
        boolean isLong = type.equals("su") || (type.equals("yarn") && scaling.has("short_factor"));
        return isLong ? "longrope" : type;
    }

    /** Whether the frequencies depend on how long the sequence is. */
    public boolean dependsOnLength() {
        return type.equals("dynamic") || type.equals("longrope");
    }

    /** Whether a sequence of {@code longer} tokens is rotated by another set of longrope's factors than its first {@code shorter} were. */
    public boolean changesBetween(long shorter, long longer) {
        return type.equals("longrope") && shorter <= trainedLength() && longer > trainedLength();
    }

    /** How many numbers of a head are rotated. */
    public int dim() {
        return dim;
    }

    /**
     * One frequency for each rotated pair.
     *
     * @param length how long the sequence is, the cached part included
     */
    public double[] inverseFrequencies(long length) {
        return switch (type) {
            case "default" -> plain(theta);
            case "linear" -> linear();
            case "dynamic" -> dynamic(length);
            case "llama3" -> llama3();
            case "yarn" -> yarn();
            case "longrope" -> longrope(length);
            default ->
                throw config.error("rope type '" + type
                        + "' is unknown; supported: default, linear, dynamic, llama3, yarn, longrope");
        };
    }

    private double[] plain(double base) {
        double[] frequencies = new double[(dim + 1) / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / Math.pow(base, 2.0 * i / dim);
        }
        return frequencies;
    }

    private double[] linear() {
        double[] frequencies = plain(theta);
        double factor = required("factor");
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factor;
        }
        return frequencies;
    }

    private double[] dynamic(long length) {
        double longest = config.size("max_position_embeddings");
        double factor = required("factor");
        double stretched = factor * Math.max(length, longest) / longest - (factor - 1);
        return plain(theta * Math.pow(stretched, dim / (dim - 2.0)));
    }

    private double[] llama3() {
        double factor = required("factor");
        double low = required("low_freq_factor");
        double high = required("high_freq_factor");
        double trained = trainedLength();
        double[] frequencies = plain(theta);
        for (int i = 0; i < frequencies.length; i++) {
            double turns = trained * frequencies[i] / (2 * Math.PI);
            double keep = Math.min(1, Math.max(0, (turns - low) / (high - low)));
            frequencies[i] = (1 - keep) * frequencies[i] / factor + keep * frequencies[i];
        }
        return frequencies;
    }

    private double[] yarn() {
        double factor = stretch();
        double slow = dimensionOfTurns(scaling.number("beta_fast", 32));
        double fast = dimensionOfTurns(scaling.number("beta_slow", 1));
        if (scaling.flag("truncate", true)) {
            slow = Math.floor(slow);
            fast = Math.ceil(fast);
        }
        slow = Math.max(slow, 0);
        fast = Math.min(fast, dim - 1.0);
        double width = fast == slow ? 0.001 : fast - slow;
        double[] frequencies = plain(theta);
        for (int i = 0; i < frequencies.length; i++) {
            double interpolated = Math.min(1, Math.max(0, (i - slow) / width));
            frequencies[i] = interpolated * frequencies[i] / factor + (1 - interpolated) * frequencies[i];
        }
        return frequencies;
    }

    /** Which pair makes {@code turns} turns over the length that the model was trained on. */
    private double dimensionOfTurns(double turns) {
        return dim * Math.log(trainedLength() / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private double[] longrope(long length) {
        String key = length > trainedLength() ? "long_factor" : "short_factor";
        List<Double> factors = scaling.numbers(key);
        double[] frequencies = plain(theta);
        if (factors.size() != frequencies.length) {
            throw config.error("'" + key + "' has " + factors.size() + " numbers; a head of this model needs "
                    + frequencies.length);
        }
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factors.get(i);
        }
        return frequencies;
    }

    /** What cosines and sines are multiplied by. */
    public double attentionScaling() {
        if (scaling.has("attention_factor") && (type.equals("yarn") || type.equals("longrope"))) {
            return scaling.number("attention_factor", 1);
        }
        return switch (type) {
            case "yarn" -> yarnScaling();
            case "longrope" -> stretch() <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch()) / Math.log(trainedLength()));
            default -> 1;
        };
    }

    private double yarnScaling() {
        double mscale = scaling.number("mscale", 0);
        double allDim = scaling.number("mscale_all_dim", 0);
        return mscale != 0 && allDim != 0 ? yarnScale(mscale) / yarnScale(allDim) : yarnScale(1);
    }

    private double yarnScale(double mscale) {
        return stretch() <= 1 ? 1 : 0.1 * mscale * Math.log(stretch()) + 1;
    }

    private double stretch() {
        return scaling.has("factor") && !config.has("original_max_position_embeddings")
                ? required("factor")
                : scaling.number("factor", config.size("max_position_embeddings") / trainedLength());
    }

    /** The length that the model was trained on, before it was stretched. */
    private double trainedLength() {
        if (config.has("original_max_position_embeddings")) {
            return config.size("original_max_position_embeddings");
        }
        return scaling.has("original_max_position_embeddings")
                ? scaling.size("original_max_position_embeddings")
                : config.size("max_position_embeddings");
    }

    private double required(String key) {
        if (!scaling.has(key)) {
            throw config.error("its rope type '" + type + "' needs '" + key + "'");
        }
        double value = scaling.number(key, 1);
        if (!(value > 0)) {
            throw config.error("its rope type '" + type + "' needs a '" + key + "' over 0, not " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        return "RopeParameters(" + type + ", theta=" + theta + ", dim=" + dim + ")";
    }
}
