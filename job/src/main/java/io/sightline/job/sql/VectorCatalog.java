package io.sightline.job.sql;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;

/**
 * The vector functions through Spark's public function-catalog API, in the namespace {@code vectors}. With
 * {@code spark.sql.catalog.sightline=io.sightline.job.sql.VectorCatalog}: {@code SELECT sightline.vectors.dot(a, b)}.
 */
public final class VectorCatalog implements FunctionCatalog {
    private static final String NAMESPACE = "vectors";

    private final Map<String, UnboundFunction> functions = new LinkedHashMap<>();
    private @Nullable String name;

    /** Spark makes the catalog, then calls {@link #initialize}. */
    public VectorCatalog() {
        for (VectorFunction function : VectorFunction.values()) {
            functions.put(function.sqlName(), function.unbound());
        }
        for (VectorStatistic statistic : VectorStatistic.values()) {
            functions.put(statistic.sqlName(), statistic.unbound());
        }
    }

    @Override
    public void initialize(String catalog, CaseInsensitiveStringMap options) {
        name = catalog;
    }

    @Override
    public String name() {
        if (name == null) {
            throw new IllegalStateException("VectorCatalog: Spark has not called initialize yet");
        }
        return name;
    }

    /** All of them for the root and for {@code vectors}. */
    @Override
    public Identifier[] listFunctions(String[] namespace) throws NoSuchNamespaceException {
        if (namespace.length > 0 && !isOurs(namespace)) {
            throw new NoSuchNamespaceException(namespace);
        }
        return functions.keySet().stream()
                .map(function -> Identifier.of(new String[] {NAMESPACE}, function))
                .toArray(Identifier[]::new);
    }

    @Override
    public UnboundFunction loadFunction(Identifier identifier) throws NoSuchFunctionException {
        UnboundFunction function = functions.get(identifier.name().toLowerCase(Locale.ROOT));
        if (function == null || !isOurs(identifier.namespace())) {
            throw new NoSuchFunctionException(identifier);
        }
        return function;
    }

    private static boolean isOurs(String[] namespace) {
        return Arrays.equals(namespace, new String[] {NAMESPACE});
    }
}
