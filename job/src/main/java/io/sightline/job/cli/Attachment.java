package io.sightline.job.cli;

import io.sightline.nn.Module;
import io.sightline.nn.Sequential;
import io.sightline.nn.WrapperModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module that a graph was traced with beside the checkpoint's own, as nnsight users attach them: one that gives its input back, or one that
 * passes it through named children that do.
 *
 * @param parent the path of the module it hangs on; empty for the root
 */
record Attachment(String parent, String name, List<String> children) {
    /** Reads {@code PATH} or {@code PATH=CHILD,CHILD}. */
    static Attachment parse(String spelling) {
        int equals = spelling.indexOf('=');
        String path = equals < 0 ? spelling : spelling.substring(0, equals);
        List<String> children =
                equals < 0 ? List.of() : List.of(spelling.substring(equals + 1).split(","));
        int dot = path.lastIndexOf('.');
        String name = path.substring(dot + 1);
        if (name.isEmpty() || children.stream().anyMatch(String::isBlank)) {
            throw new UsageException(
                    "--attach takes PATH or PATH=CHILD,…, such as transformer.h.0.attachment=one, not '" + spelling
                            + "'");
        }
        return new Attachment(dot < 0 ? "" : path.substring(0, dot), name, children);
    }

    void mountOn(Module root) {
        Module target = root.namedModules().get(parent);
        if (target == null) {
            throw new UsageException("--attach: the model has no module '" + parent + "'; 'sightline tree' shows all");
        }
        target.mount(name, module());
    }

    private Module module() {
        if (children.isEmpty()) {
            return new WrapperModule();
        }
        Map<String, Module> parts = new LinkedHashMap<>();
        children.forEach(child -> parts.put(child, new WrapperModule()));
        return new Sequential(parts);
    }
}
