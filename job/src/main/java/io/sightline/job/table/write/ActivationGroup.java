package io.sightline.job.table.write;

import io.sightline.job.table.VectorType;
import java.io.Serializable;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What all rows of a row group share: the capture and the module.
 *
 * @param name the capture's name
 * @param module the module's Envoy path
 * @param layer the first number in that path; null if it has none
 * @param io {@code output} or {@code input}
 * @param type how the numbers are stored
 */
public record ActivationGroup(
        String name, String module, @Nullable Integer layer, String io, VectorType type)
        implements Comparable<ActivationGroup>, Serializable {
    private static final Comparator<ActivationGroup> FILE_ORDER = Comparator.comparing(ActivationGroup::name)
            .thenComparing(ActivationGroup::layer, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(ActivationGroup::module)
            .thenComparing(ActivationGroup::io)
            .thenComparing(ActivationGroup::type);

    /** The order of groups in a file: name, layer (null first), module. */
    @Override
    public int compareTo(ActivationGroup other) {
        return FILE_ORDER.compare(this, other);
    }
}
