package io.sightline.interleave.function;

import io.sightline.engine.DType;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sizes, dims or tensors that Python lets a caller give one by one, {@code x.view(2, 3)}, as the list that ATen takes. */
final class LooseSizes {
    /** Functions, and how many arguments stand before the list. */
    private static final Map<String, Integer> BEFORE = Map.ofEntries(
            Map.entry("zeros", 0),
            Map.entry("ones", 0),
            Map.entry("empty", 0),
            Map.entry("rand", 0),
            Map.entry("randn", 0),
            Map.entry("broadcast_tensors", 0),
            Map.entry("block_diag", 0),
            Map.entry("cartesian_prod", 0),
            Map.entry("meshgrid", 0),
            Map.entry("einsum", 1),
            Map.entry("view", 1),
            Map.entry("reshape", 1),
            Map.entry("permute", 1),
            Map.entry("expand", 1),
            Map.entry("repeat", 1),
            Map.entry("tile", 1),
            Map.entry("flip", 1),
            Map.entry("new_zeros", 1),
            Map.entry("new_ones", 1),
            Map.entry("new_empty", 1));

    /** Those whose list is one of tensors: a tensor without dimensions is not a size there. */
    private static final Set<String> TAKING_TENSORS =
            Set.of("broadcast_tensors", "block_diag", "cartesian_prod", "meshgrid", "einsum");

    private LooseSizes() {}

    static List<? extends @Nullable Object> gather(String function, List<? extends @Nullable Object> arguments) {
        int before = BEFORE.getOrDefault(function, arguments.size());
        if (before >= arguments.size()
                || arguments.get(before) instanceof List
                || arguments.get(before) instanceof DType) {
            return arguments;
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (Object item : arguments.subList(before, arguments.size())) {
            boolean size =
                    item instanceof Tensor tensor && tensor.dimensions() == 0 && !TAKING_TENSORS.contains(function);
            list.add(size ? ((Tensor) item).item() : item);
        }
        List<@Nullable Object> gathered = new ArrayList<>(arguments.subList(0, before));
        gathered.add(list);
        return gathered;
    }
}
