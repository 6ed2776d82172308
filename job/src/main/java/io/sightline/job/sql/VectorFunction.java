package io.sightline.job.sql;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.types.StructType;

/**
 * The scalar functions: SQL name, parameters, result, and the kernel twice: by name for generated code, as a lambda (given {@code double[]},
 * {@code Double} and {@code Integer} arguments) for interpretation. A null argument gives null and is never seen by a kernel.
 */
enum VectorFunction {
    DOT(
            "dot",
            List.of(ParameterType.VECTOR, ParameterType.VECTOR),
            ResultKind.NUMBER,
            "dot",
            a -> VectorKernels.dot(vector(a[0]), vector(a[1])),
            new FunctionDoc(
                    "_FUNC_(a, b) - Returns the inner product of two equally long vectors, summed in float64.",
                    FunctionDoc.TWO_VECTORS,
                    """
                    > SELECT _FUNC_(array(1.0, 2.0), array(3.0, 4.0));
                     11.0
                    """)),
    COSINE_SIMILARITY(
            "cosine_similarity",
            List.of(ParameterType.VECTOR, ParameterType.VECTOR),
            ResultKind.NUMBER,
            "cosineSimilarity",
            a -> VectorKernels.cosineSimilarity(vector(a[0]), vector(a[1])),
            new FunctionDoc(
                    "_FUNC_(a, b) - Returns the cosine of the angle between two equally long vectors; NaN if one is all zeros.",
                    FunctionDoc.TWO_VECTORS,
                    """
                    > SELECT _FUNC_(array(1.0, 0.0), array(0.0, 2.0));
                     0.0
                    """)),
    L2_NORM(
            "l2_norm",
            List.of(ParameterType.VECTOR),
            ResultKind.NUMBER,
            "l2Norm",
            a -> VectorKernels.l2Norm(vector(a[0])),
            new FunctionDoc("_FUNC_(vector) - Returns the Euclidean norm of a vector.", FunctionDoc.ONE_VECTOR, """
                    > SELECT _FUNC_(array(3.0, 4.0));
                     5.0
                    """)),
    L2_DISTANCE(
            "l2_distance",
            List.of(ParameterType.VECTOR, ParameterType.VECTOR),
            ResultKind.NUMBER,
            "l2Distance",
            a -> VectorKernels.l2Distance(vector(a[0]), vector(a[1])),
            new FunctionDoc(
                    "_FUNC_(a, b) - Returns the Euclidean distance of two equally long vectors.",
                    FunctionDoc.TWO_VECTORS,
                    """
                    > SELECT _FUNC_(array(1.0, 2.0), array(4.0, 6.0));
                     5.0
                    """)),
    ADD(
            "vector_add",
            List.of(ParameterType.VECTOR, ParameterType.VECTOR),
            ResultKind.VECTOR,
            "add",
            a -> VectorKernels.add(vector(a[0]), vector(a[1])),
            new FunctionDoc(
                    "_FUNC_(a, b) - Returns the sum of two equally long vectors. " + FunctionDoc.PROMOTION,
                    FunctionDoc.TWO_VECTORS,
                    """
                    > SELECT _FUNC_(array(1.0, 2.0), array(0.5, 0.25));
                     [1.5,2.25]
                    """)),
    SUBTRACT(
            "vector_sub",
            List.of(ParameterType.VECTOR, ParameterType.VECTOR),
            ResultKind.VECTOR,
            "subtract",
            a -> VectorKernels.subtract(vector(a[0]), vector(a[1])),
            new FunctionDoc(
                    "_FUNC_(a, b) - Returns a minus b for two equally long vectors. " + FunctionDoc.PROMOTION,
                    FunctionDoc.TWO_VECTORS,
                    """
                    > SELECT _FUNC_(array(1.0, 2.0), array(0.5, 0.25));
                     [0.5,1.75]
                    """)),
    SCALE(
            "vector_scale",
            List.of(ParameterType.VECTOR, ParameterType.NUMBER),
            ResultKind.VECTOR,
            "scale",
            a -> VectorKernels.scale(vector(a[0]), (Double) a[1]),
            new FunctionDoc(
                    "_FUNC_(vector, factor) - Returns the vector times a number. " + FunctionDoc.PROMOTION,
                    FunctionDoc.ONE_VECTOR + "* factor - a number\n",
                    """
                    > SELECT _FUNC_(array(1.0, 2.0), -2);
                     [-2.0,-4.0]
                    """)),
    SLICE(
            "vector_slice",
            List.of(ParameterType.VECTOR, ParameterType.INTEGER, ParameterType.INTEGER),
            ResultKind.VECTOR,
            "slice",
            a -> VectorKernels.slice(vector(a[0]), (Integer) a[1], (Integer) a[2]),
            new FunctionDoc(
                    "_FUNC_(vector, start, length) - Returns `length` elements from `start` on: one attention head of a layer's output, say. "
                            + FunctionDoc.PROMOTION,
                    FunctionDoc.ONE_VECTOR
                            + "* start - the first element, from 0; negative counts from the end\n* length - how many elements\n",
                    """
                    > SELECT _FUNC_(array(1.0, 2.0, 3.0, 4.0), 1, 2);
                     [2.0,3.0]
                    > SELECT _FUNC_(array(1.0, 2.0, 3.0, 4.0), -1, 1);
                     [4.0]
                    """)),
    TOP_K_INDICES(
            "top_k_indices",
            List.of(ParameterType.VECTOR, ParameterType.INTEGER),
            ResultKind.INDICES,
            "topIndices",
            a -> VectorKernels.topIndices(vector(a[0]), (Integer) a[1]),
            new FunctionDoc(
                    "_FUNC_(vector, k) - Returns the indices of the k largest elements, from 0, largest first: the ids of the likeliest"
                            + " tokens, or the strongest neurons. Equal elements come by index, NaN counts as largest,"
                            + " a vector shorter than k gives all its indices.",
                    FunctionDoc.ONE_VECTOR + "* k - how many, 0 or more\n",
                    """
                    > SELECT _FUNC_(array(0.1, 5.0, -3.0, 2.0), 2);
                     [1,3]
                    """)),
    F16_DECODE(
            "f16_decode",
            List.of(ParameterType.FLOAT16),
            ResultKind.VECTOR,
            "decoded",
            a -> VectorKernels.decoded(vector(a[0])),
            new FunctionDoc(
                    "_FUNC_(vector_f16) - Returns a float16 vector as array<float>; every float16 is a float exactly.",
                    "* vector_f16 - binary, little-endian float16, two bytes an element\n",
                    """
                    > SELECT _FUNC_(X'003C00C0FF7B');
                     [1.0,-2.0,65504.0]
                    """));

    private final String sqlName;
    private final List<ParameterType> parameters;
    private final ResultKind result;
    private final String kernelName;
    private final Function<Object[], Object> kernel;
    private final FunctionDoc doc;

    VectorFunction(
            String sqlName,
            List<ParameterType> parameters,
            ResultKind result,
            String kernelName,
            Function<Object[], Object> kernel,
            FunctionDoc doc) {
        this.sqlName = sqlName;
        this.parameters = parameters;
        this.result = result;
        this.kernelName = kernelName;
        this.kernel = kernel;
        this.doc = doc;
    }

    String sqlName() {
        return sqlName;
    }

    List<ParameterType> parameters() {
        return parameters;
    }

    ResultKind result() {
        return result;
    }

    UnboundVectorFunction unbound() {
        return new UnboundVectorFunction(sqlName, doc, this::bind);
    }

    BoundFunction bind(StructType arguments) {
        return new CatalogScalar(this, ParameterType.castAll(sqlName, parameters, arguments));
    }

    /** A static method of {@link VectorKernels}. */
    String kernelName() {
        return kernelName;
    }

    Object apply(Object[] arguments) {
        return kernel.apply(arguments);
    }

    FunctionDoc doc() {
        return doc;
    }

    private static double[] vector(Object argument) {
        return (double[]) argument;
    }
}
