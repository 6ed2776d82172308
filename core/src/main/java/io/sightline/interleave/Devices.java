package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.interleave.function.CallArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves the arguments of a call to the device of its first tensor, as nnsight does. */
final class Devices {
    private Devices() {}

    static CallArguments toFirst(CallArguments arguments) {
        List<Device> found = new ArrayList<>(2);
        Tree.forEachTensor(arguments.positional(), tensor -> found.add(tensor.device()));
        Tree.forEachTensor(arguments.keywords(), tensor -> found.add(tensor.device()));
        if (found.stream().distinct().count() < 2) {
            return arguments;
        }
        Device device = found.get(0);
        List<@Nullable Object> positional = new ArrayList<>();
        arguments.positional().forEach(value -> positional.add(Tree.map(value, t -> moved(t, device))));
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        arguments.keywords().forEach((key, value) -> keywords.put(key, Tree.map(value, t -> moved(t, device))));
        return new CallArguments(positional, keywords, arguments.host());
    }

    private static Tensor moved(Tensor tensor, Device device) {
        return tensor.device().equals(device) ? tensor : tensor.to(device);
    }
}
