package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.PythonNumbers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The functions of {@code torch.nn.functional} that are more than one call of ATen. */
final class FunctionalExtras {
    private FunctionalExtras() {}

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        table.put("normalize", FunctionalExtras::normalize);
        table.put("softmin", FunctionalExtras::softmin);
        table.put(
                "softsign",
                a -> TorchCall.call("div", a.tensor(0), TorchCall.call("add", TorchCall.call("abs", a.tensor(0)), 1L)));
        table.put("tanhshrink", a -> TorchCall.call("sub", a.tensor(0), TorchCall.call("tanh", a.tensor(0))));
        table.put("embedding", FunctionalExtras::embedding);
        table.put("kl_div", FunctionalExtras::klDiv);
        table.put("max_pool1d", FunctionalExtras::maxPool);
        table.put("avg_pool1d", FunctionalExtras::averagePool);
        return table;
    }

    private static @Nullable Object normalize(CallArguments a) {
        var bound = Signature.of("input, p=2.0, dim=1, eps=1e-12, out=None").bind(a);
        Tensor x = (Tensor) Objects.requireNonNull(bound.get("input"));
        Tensor norm = (Tensor) Objects.requireNonNull(
                TorchFunctions.norm(CallArguments.of(a.host(), x, bound.get("p"), bound.get("dim"), true)));
        return TorchCall.call("div", x, TorchCall.call("clamp_min", norm, PythonNumbers.asDouble(bound.get("eps"))));
    }

    private static @Nullable Object softmin(CallArguments a) {
        var bound = Signature.of("input, dim=None, _stacklevel=3, dtype=None").bind(a);
        return TorchCall.call(
                "softmax", TorchCall.call("neg", bound.get("input")), bound.get("dim"), bound.get("dtype"));
    }

    private static @Nullable Object maxPool(CallArguments a) {
        var bound = Signature.of(
                        "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False")
                .bind(a);
        return TorchCall.call(
                Python.truth(bound.get("return_indices")) ? "max_pool1d_with_indices" : "max_pool1d",
                bound.get("input"),
                bound.get("kernel_size"),
                stride(bound),
                bound.get("padding"),
                bound.get("dilation"),
                bound.get("ceil_mode"));
    }

    private static @Nullable Object averagePool(CallArguments a) {
        var bound = Signature.of("input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True")
                .bind(a);
        return TorchCall.call(
                "avg_pool1d",
                bound.get("input"),
                bound.get("kernel_size"),
                stride(bound),
                bound.get("padding"),
                bound.get("ceil_mode"),
                bound.get("count_include_pad"));
    }

    /** A pool steps by its own size where nothing else is said. */
    private static @Nullable Object stride(Map<String, @Nullable Object> bound) {
        return bound.get("stride") == null ? bound.get("kernel_size") : bound.get("stride");
    }

    private static @Nullable Object embedding(CallArguments a) {
        var bound = Signature.of(
                        "input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False")
                .bind(a);
        if (bound.get("max_norm") != null) {
            throw new IllegalArgumentException("max_norm changes the weight in place, which a graph may not");
        }
        long padding = bound.get("padding_idx") == null ? -1 : PythonNumbers.asLong(bound.get("padding_idx"));
        return TorchCall.call(
                "embedding", bound.get("weight"), bound.get("input"), padding, bound.get("scale_grad_by_freq"), false);
    }

    private static @Nullable Object klDiv(CallArguments a) {
        var bound = Signature.of("input, target, reduction='mean', log_target=False")
                .bind(a.without("size_average").without("reduce"));
        boolean logTarget = Python.truth(bound.get("log_target"));
        if (!"batchmean".equals(bound.get("reduction"))) {
            return divergence(bound, FunctionalTable.reduction(bound.get("reduction")), logTarget);
        }
        Object total = divergence(bound, 2L, logTarget);
        return TorchCall.call("div", total, ((Tensor) Objects.requireNonNull(bound.get("input"))).size(0));
    }

    private static @Nullable Object divergence(Map<String, @Nullable Object> bound, long reduction, boolean logTarget) {
        return TorchCall.call(
                "kl_div",
                java.util.Arrays.asList(bound.get("input"), bound.get("target"), reduction),
                Map.of("log_target", logTarget));
    }
}
