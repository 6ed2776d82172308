package io.sightline.interleave.function;

import io.sightline.engine.Torch;
import io.sightline.engine.TorchException;
import io.sightline.python.Python;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why torch refused a call: of a compiler's page of overloads, what helps. */
final class UnfitArguments {
    private static final int MOST_OVERLOADS = 4;

    private UnfitArguments() {}

    static TorchException explained(String function, List<? extends @Nullable Object> arguments, TorchException e) {
        return new TorchException(reason(function, arguments, String.valueOf(e.getMessage())), e);
    }

    private static String reason(String function, List<? extends @Nullable Object> arguments, String message) {
        if (message.contains("Unknown builtin op")) {
            return "libtorch " + Torch.version() + " has no function '" + function + "'";
        } else if (!message.contains(": compiling ")) {
            return message;
        }
        String kinds = arguments.stream().map(Python::typeName).collect(Collectors.joining(", "));
        String overloads = message.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("aten::") && !line.contains(" out)"))
                .limit(MOST_OVERLOADS)
                .map(line -> line.substring("aten::".length()).replaceAll(":$", ""))
                .collect(Collectors.joining(" or "));
        return "torch." + function + " takes no arguments of the kinds (" + kinds + "); it takes " + overloads;
    }
}
