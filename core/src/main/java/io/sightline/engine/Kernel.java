package io.sightline.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function of ours in TorchScript, compiled by libtorch itself when it is first called: the way to every ATen operation that DJL's
 * API lacks, without native code of ours. A kernel holds no state and may be called from several threads.
 *
 * <p>Its source uses the spelling of TorchScript archives: operations as {@code torch.<aten name>}, dtypes as integers.
 *
 * <pre>{@code
 * private static final Kernel GELU =
 *         Kernel.define("gelu_tanh", "x: Tensor", "Tensor", "return torch.gelu(x, approximate=\"tanh\")");
 * Tensor y = GELU.tensor(x);
 * }</pre>
 *
 * Arguments: {@link Tensor}; {@code Long}/{@code Integer} for int; {@code Double}/{@code Float} for float; {@code Boolean};
 * {@code String}; {@code long[]}, {@code double[]}, {@code boolean[]} for lists; {@code List<Tensor>}; {@link DType} for int; {@link Generator}.
 */
public final class Kernel {
    private final String name;
    private final String source;
    private volatile @Nullable PtSymbolBlock module;

    private Kernel(String name, String source) {
        this.name = name;
        this.source = source;
    }

    /**
     * @param name for error messages
     * @param parameters as Python declares them, {@code "x: Tensor, n: int"}
     * @param returns the result's type, {@code "Tensor"}
     * @param body one statement a line, ending with a {@code return}
     */
    public static Kernel define(String name, String parameters, String returns, String... body) {
        StringBuilder source = new StringBuilder("  def run(self");
        if (!parameters.isEmpty()) {
            source.append(", ").append(parameters);
        }
        source.append(") -> ").append(returns).append(":\n");
        for (String line : body) {
            source.append("    ").append(line).append('\n');
        }
        return new Kernel(name, source.toString());
    }

    /** Kernels that differ by device, which TorchScript's creation functions take as a literal. */
    static PerDevice perDevice(Function<String, Kernel> definition) {
        return new PerDevice(definition);
    }

    /** Compiles now, if it is not compiled yet. */
    void compile() {
        module();
    }

    /** Calls and expects a tensor back. */
    public Tensor tensor(@Nullable Object... arguments) {
        long result = run(arguments);
        try {
            return Tensor.adopt(ValueNatives.toTensor(result));
        } finally {
            ValueNatives.delete(result);
        }
    }

    /** Calls and gives whatever comes back: tensor, number, {@link Tuple}, list, or {@code null} for None. */
    public @Nullable Object call(@Nullable Object... arguments) {
        return IValues.takeResult(run(arguments));
    }

    /** Calls and expects an int back. */
    public long number(@Nullable Object... arguments) {
        long result = run(arguments);
        try {
            return ValueNatives.toLong(result);
        } finally {
            ValueNatives.delete(result);
        }
    }

    /** Calls and expects a str back. */
    public String text(@Nullable Object... arguments) {
        long result = run(arguments);
        try {
            return ValueNatives.toStringValue(result);
        } finally {
            ValueNatives.delete(result);
        }
    }

    /** Calls and gives the native value, which the caller deletes: for values that have no Java form. */
    long value(@Nullable Object... arguments) {
        return run(arguments);
    }

    /** Calls with one native value, which stays the caller's. */
    long valueOf(long argument) {
        ThreadState.current();
        return execute(new long[] {argument});
    }

    private long run(@Nullable Object[] arguments) {
        ThreadState.current();
        long[] values = new long[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = IValues.of(arguments[i]);
            }
            return execute(values);
        } finally {
            IValues.delete(values);
        }
    }

    private long execute(long[] values) {
        try {
            // isTrain: without it the natives switch to inference mode, whose results cannot be edited or
            // differentiated later.
            return Natives.runMethod(module().getHandle(), "run", values, true, false);
        } catch (TorchException e) {
            throw new TorchException(name + ": " + withoutPrefix(e), e);
        }
    }

    private static String withoutPrefix(TorchException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("runMethod: ") ? message.substring("runMethod: ".length()) : message;
    }

    private PtSymbolBlock module() {
        PtSymbolBlock current = module;
        return current != null ? current : load();
    }

    private synchronized PtSymbolBlock load() {
        PtSymbolBlock current = module;
        if (current == null) {
            current = loadArchive(name, TorchScriptArchive.write(source));
            module = current;
        }
        return current;
    }

    private static PtSymbolBlock loadArchive(String name, byte[] archive) {
        try {
            return JniUtils.loadModule(Holder.MANAGER, new ByteArrayInputStream(archive), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw TorchException.of("compiling " + name, e);
        }
    }

    @Override
    public String toString() {
        return name + "\n" + source;
    }

    /** Compiled modules live as long as the process. */
    private static final class Holder {
        static final PtNDManager MANAGER;

        static {
            Torch.load();
            MANAGER = (PtNDManager) NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
        }
    }

    /** One kernel for each device that was asked for. */
    static final class PerDevice {
        private final Function<String, Kernel> definition;
        private final ConcurrentHashMap<Device, Kernel> kernels = new ConcurrentHashMap<>();

        private PerDevice(Function<String, Kernel> definition) {
            this.definition = definition;
        }

        Kernel get(Device device) {
            return kernels.computeIfAbsent(device, d -> definition.apply("torch.device(\"" + d + "\")"));
        }

        @Override
        public String toString() {
            return Arrays.toString(kernels.keySet().toArray());
        }
    }
}
