package io.sightline.interleave;

import io.sightline.graph.Value;
import io.sightline.interleave.PaddingCheck.PaddingMatters;
import io.sightline.interleave.TokenLayout.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions and methods that treat the tokens of {@code [batch, tokens, …]} alike, by name. */
final class TokenFunctions {
    /** Element by element, where all that have tokens have the same ones. */
    private static final Set<String> ELEMENTWISE = Set.of(
            "add",
            "sub",
            "mul",
            "div",
            "truediv",
            "floordiv",
            "floor_divide",
            "mod",
            "remainder",
            "pow",
            "neg",
            "pos",
            "abs",
            "invert",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "and_",
            "or_",
            "xor",
            "iadd",
            "isub",
            "imul",
            "itruediv",
            "ipow",
            "subtract",
            "multiply",
            "divide",
            "true_divide",
            "rsub",
            "negative",
            "positive",
            "square",
            "sqrt",
            "rsqrt",
            "reciprocal",
            "exp",
            "expm1",
            "log",
            "log1p",
            "log2",
            "log10",
            "sin",
            "cos",
            "tanh",
            "sigmoid",
            "erf",
            "sign",
            "round",
            "floor",
            "ceil",
            "trunc",
            "clamp",
            "clip",
            "clamp_min",
            "clamp_max",
            "relu",
            "gelu",
            "silu",
            "softplus",
            "leaky_relu",
            "elu",
            "hardtanh",
            "logsigmoid",
            "isnan",
            "isinf",
            "isfinite",
            "nan_to_num",
            "maximum",
            "minimum",
            "fmax",
            "fmin",
            "where",
            "masked_fill",
            "lerp",
            "addcmul",
            "addcdiv",
            "logical_and",
            "logical_or",
            "logical_not",
            "logical_xor",
            "float",
            "double",
            "half",
            "bfloat16",
            "long",
            "int",
            "bool",
            "to",
            "type",
            "type_as",
            "cpu",
            "clone",
            "detach",
            "contiguous",
            "zeros_like",
            "ones_like",
            "full_like",
            "fill",
            "zero",
            "copy",
            "requires_grad",
            "eq_",
            "backward",
            "print",
            "retain_grad");

    /** Along one dimension, which has to be said and not the tokens'; the place of it among the arguments. */
    private static final Map<String, Integer> REDUCTIONS = Map.ofEntries(
            Map.entry("sum", 1),
            Map.entry("mean", 1),
            Map.entry("prod", 1),
            Map.entry("std", 1),
            Map.entry("var", 1),
            Map.entry("amax", 1),
            Map.entry("amin", 1),
            Map.entry("argmax", 1),
            Map.entry("argmin", 1),
            Map.entry("all", 1),
            Map.entry("any", 1),
            Map.entry("logsumexp", 1),
            Map.entry("norm", 2));

    private static final Map<String, Integer> PAIRS = Map.of("max", 1, "min", 1, "median", 1, "topk", 2, "sort", 1);

    private static final Map<String, Integer> ALONG =
            Map.of("softmax", 1, "log_softmax", 1, "argsort", 1, "cumsum", 1, "flip", 1, "normalize", 2, "chunk", 2);

    private static final Set<String> PRODUCTS = Set.of("matmul", "linear", "rms_norm", "layer_norm", "embedding");

    private TokenFunctions() {}

    /**
     * Where the result has its tokens.
     *
     * @param operands of all arguments, of which some have tokens
     * @throws PaddingMatters if that is not known
     */
    static TokenLayout result(
            String function, List<TokenLayout> operands, List<Value> args, Map<String, Value> keywords) {
        String name = function.length() > 1 && function.endsWith("_") && !ELEMENTWISE.contains(function)
                ? function.substring(0, function.length() - 1)
                : function;
        TokenLayout tokens = TokenLayout.TOKENS;
        for (TokenLayout operand : operands) {
            tokens = operand.kind() == Kind.TOKENS && !operand.hasFeatures() ? tokens.withoutFeatures() : tokens;
        }
        if (ELEMENTWISE.contains(name)) {
            return tokens;
        } else if (operands.get(0).kind() == Kind.TOKENS
                && operands.stream().skip(1).allMatch(operand -> operand.kind() == Kind.NO_TOKENS)) {
            if (PRODUCTS.contains(name) && tokens.hasFeatures()) {
                return tokens;
            }
            boolean kept = keywords.get("keepdim") == Value.Constant.TRUE;
            if (REDUCTIONS.containsKey(name) && isBehindTokens(REDUCTIONS.get(name), args, keywords, tokens)) {
                return kept ? tokens : tokens.withoutFeatures();
            } else if (PAIRS.containsKey(name) && isBehindTokens(PAIRS.get(name), args, keywords, tokens)) {
                return TokenLayout.pair(
                        kept || name.equals("topk") || name.equals("sort") ? tokens : tokens.withoutFeatures());
            } else if (ALONG.containsKey(name) && isBehindTokens(ALONG.get(name), args, keywords, tokens)) {
                return name.equals("chunk") ? TokenLayout.pair(tokens) : tokens;
            }
        }
        throw new PaddingMatters("may combine tokens, pads included");
    }

    /** Whether the dimension that a function works along is said, and is behind the tokens. */
    private static boolean isBehindTokens(
            @Nullable Integer position, List<Value> args, Map<String, Value> keywords, TokenLayout tokens) {
        Value dim = keywords.getOrDefault("dim", keywords.get("axis"));
        if (dim == null && position != null && position < args.size()) {
            dim = args.get(position);
        }
        return dim instanceof Value.IntValue number
                && (number.value() >= 2 || number.value() == -1 && tokens.hasFeatures());
    }
}
