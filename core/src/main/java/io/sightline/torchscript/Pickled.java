package io.sightline.torchscript;

import io.sightline.engine.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an archive's pickle describes, beside plain values, tuples, lists and maps. Nothing here is a live object yet. */
final class Pickled {
    private Pickled() {}

    /** A class or function by its full name. */
    record Global(String name) {}

    /** Bytes in the archive's {@code data/KEY}. */
    record Storage(DType dtype, String key, long elements) {}

    /** A view into a storage. */
    record TensorView(Storage storage, long offset, List<Long> size, List<Long> stride) {}

    /** An instance of a class of the archive's own code. */
    static final class Instance {
        private final String className;
        private @Nullable Object state;

        Instance(String className) {
            this.className = className;
        }

        /** The full name, {@code __torch__.torch.nn.modules.linear.Linear}. */
        String className() {
            return className;
        }

        @Nullable
        Object state() {
            return state;
        }

        void state(@Nullable Object value) {
            state = value;
        }
    }
}
