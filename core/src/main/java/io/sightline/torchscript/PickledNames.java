package io.sightline.torchscript;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tuple;
import io.sightline.torchscript.Pickled.Global;
import io.sightline.torchscript.Pickled.Instance;
import io.sightline.torchscript.Pickled.Storage;
import io.sightline.torchscript.Pickled.TensorView;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the classes and functions that a pickle names stand for. None is loaded or called; what is not known here is refused. */
final class PickledNames {
    private PickledNames() {}

    /** {@code ('storage', torch.FloatStorage, '0', 'cpu', 128)}. */
    static Storage storage(Tuple id) {
        String type = ((Global) PickleReader.require(id.get(1))).name();
        String key = (String) PickleReader.require(id.get(2));
        if (!key.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("a tensor's data is said to be in '" + key + "', which is not a number");
        }
        return new Storage(storageDtype(type), key, (Long) PickleReader.require(id.get(4)));
    }

    private static DType storageDtype(String type) {
        return switch (type) {
            case "torch.FloatStorage" -> DType.FLOAT32;
            case "torch.DoubleStorage" -> DType.FLOAT64;
            case "torch.HalfStorage" -> DType.FLOAT16;
            case "torch.BFloat16Storage" -> DType.BFLOAT16;
            case "torch.LongStorage" -> DType.INT64;
            case "torch.IntStorage" -> DType.INT32;
            case "torch.ShortStorage" -> DType.INT16;
            case "torch.CharStorage" -> DType.INT8;
            case "torch.ByteStorage" -> DType.UINT8;
            case "torch.BoolStorage" -> DType.BOOL;
            case "torch.ComplexFloatStorage" -> DType.COMPLEX64;
            case "torch.ComplexDoubleStorage" -> DType.COMPLEX128;
            default ->
                throw new IllegalArgumentException(
                        "tensors in a " + type + " are not read (quantized ones need torch's own runtime)");
        };
    }

    /** An object of a class of the archive's code. */
    static Instance instance(Global type) {
        if (!type.name().startsWith("__torch__.")) {
            throw refused(type);
        }
        return new Instance(type.name());
    }

    /** What a function would give. */
    static @Nullable Object call(Global function, Tuple arguments) {
        return switch (function.name()) {
            case "torch._utils._rebuild_tensor_v2" -> tensor(arguments);
            case "torch._utils._rebuild_parameter",
                    "torch.jit._pickle.build_intlist",
                    "torch.jit._pickle.build_tensorlist",
                    "torch.jit._pickle.build_doublelist",
                    "torch.jit._pickle.build_boollist",
                    "torch.jit._pickle.restore_type_tag" -> arguments.get(0);
            case "collections.OrderedDict" -> new LinkedHashMap<>();
            case "torch.device" -> device(arguments);
            default -> throw refused(function);
        };
    }

    private static Device device(Tuple arguments) {
        String type = (String) PickleReader.require(arguments.get(0));
        return Device.parse(arguments.size() > 1 ? type + ":" + arguments.get(1) : type);
    }

    private static TensorView tensor(Tuple arguments) {
        return new TensorView(
                (Storage) PickleReader.require(arguments.get(0)),
                (Long) PickleReader.require(arguments.get(1)),
                longs((Tuple) PickleReader.require(arguments.get(2))),
                longs((Tuple) PickleReader.require(arguments.get(3))));
    }

    private static List<Long> longs(Tuple items) {
        return items.stream().map(item -> (Long) PickleReader.require(item)).toList();
    }

    private static IllegalArgumentException refused(Global global) {
        return new IllegalArgumentException("the pickle asks for '" + global.name()
                + "', which is not part of a TorchScript module; it is not run");
    }
}
