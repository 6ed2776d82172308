package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Module;
import java.util.Set;

/**
 * One architecture: which config.json it answers to, the modules it is made of, and how its weights are named in a checkpoint.
 *
 * <p>The built-in ones are listed in {@code io.sightline.family.Families}. A jar adds one by naming its implementation in
 * {@code META-INF/services/io.sightline.family.parts.Family}; it goes before a built-in one of the same {@code model_type}.
 */
public interface Family {
    /** The values of config.json's {@code model_type} that this family builds. */
    Set<String> modelTypes();

    /**
     * Builds the module tree, with transformers' module paths, class names and child order. Parameters have shapes and no tensors yet.
     *
     * @throws IllegalArgumentException if the config asks for something impossible or unsupported; the message names the key
     */
    Module build(ModelConfig config, AttentionKind attention);

    /**
     * The config of what the file holds, where that is less than config.json says: a head or a pooler may be missing.
     *
     * @param tensors the names in the file; empty where they are not known
     */
    default ModelConfig fitted(ModelConfig config, Set<String> tensors) {
        return config;
    }

    /** How a checkpoint names the parameters of {@link #build}'s tree. */
    WeightNames weightNames(ModelConfig config);
}
