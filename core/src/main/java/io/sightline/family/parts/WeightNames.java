package io.sightline.family.parts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A checkpoint's tensor names against a model's parameter paths: usually the same, but for a missing prefix, an older spelling, buffers
 * that are not weights, and parameters that share one tensor.
 */
public final class WeightNames {
    private final List<String> basePrefixes;
    private final List<Rename> renames;
    private final List<Pattern> ignored;
    private final Map<String, String> tied;
    private final Set<String> tiedIfAbsent;

    private WeightNames(Builder builder) {
        this.basePrefixes = builder.basePrefixes;
        this.renames = List.copyOf(builder.renames);
        this.ignored = List.copyOf(builder.ignored);
        this.tied = Map.copyOf(builder.tied);
        this.tiedIfAbsent = Set.copyOf(builder.tiedIfAbsent);
    }

    private record Rename(Pattern pattern, String replacement) {}

    /**
     * @param basePrefix where the bare model hangs in the whole one, {@code transformer} for GPT-2: a checkpoint of either opens as the
     *     other's part
     */
    public static Builder withBasePrefix(String basePrefix) {
        return new Builder(List.of(basePrefix));
    }

    /** As {@link #withBasePrefix} where it hangs at one of two names. */
    static Builder withBasePrefixes(String basePrefix, String other) {
        return new Builder(List.of(basePrefix, other));
    }

    /**
     * The parameter that a tensor is for.
     *
     * @param parameters the model's parameter paths
     * @return its path; empty where the model has none for it
     */
    public Optional<String> parameterFor(String tensor, Set<String> parameters) {
        String name = tensor;
        for (Rename rename : renames) {
            name = rename.pattern.matcher(name).replaceAll(rename.replacement);
        }
        if (parameters.contains(name)) {
            return Optional.of(name);
        }
        for (String prefix : basePrefixes) {
            String prefixed = prefix + "." + name;
            if (parameters.contains(prefixed)) {
                return Optional.of(prefixed);
            }
            String bare = name.startsWith(prefix + ".") ? name.substring(prefix.length() + 1) : "";
            if (parameters.contains(bare)) {
                return Optional.of(bare);
            }
        }
        return Optional.empty();
    }

    /** Whether a tensor is a buffer that older versions saved and that this model computes itself. */
    public boolean isIgnored(String tensor) {
        return ignored.stream().anyMatch(pattern -> pattern.matcher(tensor).find());
    }

    /** Parameters that share another's tensor: path to the other's path. */
    public Map<String, String> tied() {
        return tied;
    }

    /** Whether a {@link #tied} parameter shares the other's tensor only where the checkpoint has none of its own for it. */
    public boolean isTiedIfAbsent(String parameter) {
        return tiedIfAbsent.contains(parameter);
    }

    /** Collects the differences. */
    public static final class Builder {
        private final List<String> basePrefixes;
        private final List<Rename> renames = new ArrayList<>();
        private final List<Pattern> ignored = new ArrayList<>();
        private final Map<String, String> tied = new LinkedHashMap<>();
        private final Set<String> tiedIfAbsent = new HashSet<>();

        private Builder(List<String> basePrefixes) {
            this.basePrefixes = basePrefixes;
        }

        /** Replaces what {@code regex} finds in a tensor's name by {@code replacement}. */
        public Builder rename(String regex, String replacement) {
            renames.add(new Rename(Pattern.compile(regex), replacement));
            return this;
        }

        /** Passes over tensors in whose name {@code regex} is found. */
        public Builder ignore(String regex) {
            ignored.add(Pattern.compile(regex));
            return this;
        }

        /** Lets {@code parameter} share the tensor of {@code other}. */
        public Builder tie(String parameter, String other) {
            tied.put(parameter, other);
            return this;
        }

        /** Lets {@code parameter} share the tensor of {@code other} where a checkpoint has only one of the two. */
        public Builder tieIfAbsent(String parameter, String other) {
            tiedIfAbsent.add(parameter);
            return tie(parameter, other);
        }

        public WeightNames build() {
            return new WeightNames(this);
        }
    }
}
