package io.sightline.interleave;

import io.sightline.graph.GraphException;
import io.sightline.graph.Place;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.Module;
import io.sightline.spelling.Nearest;

/** Finds modules by their paths. */
final class Modules {
    private Modules() {}

    /** @throws GraphException naming what is there instead, and the nearest name */
    static Module find(Module root, String path) {
        Module module = root;
        int start = 0;
        while (start < path.length()) {
            int end = path.indexOf('.', start);
            String name = path.substring(start, end < 0 ? path.length() : end);
            Module child = module.namedChildren().get(name);
            if (child == null) {
                throw missing(root, module, path, start == 0 ? "" : path.substring(0, start - 1));
            }
            module = child;
            start = end < 0 ? path.length() : end + 1;
        }
        return module;
    }

    /**
     * Where an attention module's scores and probabilities are shown.
     *
     * @throws GraphException if the module is not one
     */
    static AttentionSwitch attentionAt(Place place, Module module) {
        if (module instanceof AttentionModule attention) {
            return attention.attentionSwitch();
        }
        throw new GraphException("there is no " + place + ": '" + place.path() + "' is a " + module.className()
                + ", not an attention module; see the model's tree for its attention");
    }

    private static GraphException missing(Module root, Module parent, String path, String parentPath) {
        String children = String.join(", ", parent.namedChildren().keySet());
        String cut = children.length() <= 120 ? children : children.substring(0, 120) + "…";
        return new GraphException("no module '" + path + "' in this model; "
                + (parentPath.isEmpty() ? "the root" : "'" + parentPath + "'") + " has "
                + (cut.isEmpty() ? "no children" : cut)
                + Nearest.hint(path, root.namedModules().keySet()));
    }
}
