package io.sightline.interleave.function;

import java.util.Set;

/** Names of torch that are known and refused: they touch files, memory or Python itself, or mean nothing inside a graph. */
final class Refused {
    static final Set<String> METHODS = Set.of(
            "apply_",
            "as_subclass",
            "data_ptr",
            "const_data_ptr",
            "map_",
            "map2_",
            "module_load",
            "new",
            "numpy",
            "pin_memory",
            "record_stream",
            "register_hook",
            "register_post_accumulate_grad_hook",
            "reinforce",
            "resize",
            "resize_",
            "resize_as",
            "resize_as_",
            "set_",
            "share_memory_",
            "storage",
            "storage_type",
            "untyped_storage",
            "retain_grad",
            "cuda",
            "ipu",
            "xpu",
            "mtia",
            "save",
            "load",
            "eval",
            "exec",
            "format",
            "format_map");

    static final Set<String> FUNCTIONS = Set.of(
            "asarray",
            "frombuffer",
            "from_file",
            "from_numpy",
            "resize_as_",
            "resize_as_sparse_",
            "save",
            "load",
            "set_default_dtype",
            "set_default_device",
            "set_grad_enabled",
            "manual_seed");

    private Refused() {}

    static String why(String name) {
        if (name.startsWith("_")) {
            return " (names that start with an underscore are Python's own)";
        } else if (METHODS.contains(name) || FUNCTIONS.contains(name)) {
            return " (it reaches files, memory or the process, or has no meaning inside a graph)";
        }
        return "";
    }
}
