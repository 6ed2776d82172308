package io.sightline.intervene;

import io.sightline.spelling.Nearest;
import java.util.Map;
import java.util.TreeSet;

/**
 * What names an expression may use.
 *
 * @param types of sweep variables, columns and vectors
 * @param width of the vectors at the expression's place: the type of {@code base}
 */
public record NameTypes(Map<String, ExpressionType> types, int width) {
    public NameTypes {
        types = Map.copyOf(types);
    }

    ExpressionType require(Expression.Name name) {
        ExpressionType type = types.get(name.name());
        if (type == null) {
            throw new ExpressionException(
                    name.at(),
                    "there is no '" + name.name() + "'" + Nearest.hint(name.name(), types.keySet()) + known());
        }
        return type;
    }

    private String known() {
        return types.isEmpty() ? "" : " (known: " + String.join(", ", new TreeSet<>(types.keySet())) + ")";
    }
}
