package io.sightline.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a tensor lives: {@code cpu}, {@code cuda:i}, or {@code meta} (shapes without data, for scans).
 *
 * @param type {@code cpu}, {@code cuda} or {@code meta}
 * @param index the GPU's number; 0 for the others
 */
public record Device(String type, int index) {
    public static final Device CPU = new Device("cpu", 0);
    public static final Device META = new Device("meta", 0);

    private static final Pattern SPELLING = Pattern.compile("(cpu|meta|cuda)(?::(\\d{1,3}))?");

    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    public boolean isMeta() {
        return type.equals("meta");
    }

    public boolean isCpu() {
        return type.equals("cpu");
    }

    /**
     * Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:i}; {@code auto} is the first GPU where there is one, else the CPU.
     *
     * @throws IllegalArgumentException if the spelling is unknown, or a GPU is asked for that this machine or build does not have
     */
    public static Device choose(String choice) {
        if (choice.equals("auto")) {
            return Torch.gpuCount() > 0 ? cuda(0) : CPU;
        }
        Device device = parse(choice);
        if (device.type.equals("cuda") && device.index >= Torch.gpuCount()) {
            throw new IllegalArgumentException("device '" + choice + "' was asked for, but " + Torch.gpuCount()
                    + " GPUs are usable here; take 'auto' or 'cpu', or build with -Pgpu on a machine with CUDA");
        }
        return device;
    }

    /** Reads torch's spelling without asking whether the device is there. */
    public static Device parse(String spelling) {
        Matcher matcher = SPELLING.matcher(spelling);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "no device '" + spelling + "'; expected auto, cpu, cuda or cuda:<index>, such as cuda:0");
        }
        int index = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return new Device(matcher.group(1), index);
    }

    @Override
    public String toString() {
        return type.equals("cuda") ? "cuda:" + index : type;
    }
}
