package io.sightline.engine;

/**
 * torch's random number generator with a state of its own, {@code torch.Generator}: what it draws depends on its seed alone, not on what other
 * threads draw meanwhile. On the same device it draws what Python draws after {@code torch.manual_seed(seed)}.
 *
 * <p>It may be passed to a {@link Kernel} that declares a {@code Generator}. Whoever makes one closes it.
 */
public final class Generator implements AutoCloseable {
    private static final Kernel.PerDevice NEW = Kernel.perDevice(device -> Kernel.define(
            "Generator", "seed: int", "Generator", "return torch.Generator(device=" + device + ", seed=seed)"));
    private static final Kernel SHARE = Kernel.define("Generator", "g: Generator", "Generator", "return g");

    private long handle;

    private Generator(long handle) {
        this.handle = handle;
    }

    public static Generator seeded(long seed, Device device) {
        return new Generator(NEW.get(device).value(seed));
    }

    /** One more IValue on this generator, which the caller deletes. */
    long share() {
        return SHARE.valueOf(handle());
    }

    private long handle() {
        if (handle == 0) {
            throw new IllegalStateException("this random generator was closed");
        }
        return handle;
    }

    @Override
    public void close() {
        if (handle != 0) {
            ValueNatives.delete(handle);
            handle = 0;
        }
    }
}
