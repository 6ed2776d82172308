package io.sightline.graph;

/** nnsight 0.3's names of the functions that are not functions but instructions to its executor. */
final class Protocols {
    private static final String TRACING = "nnsight.tracing.protocols.";

    static final String INTERVENTION = "nnsight.intervention.InterventionProtocol";
    static final String LOCK = TRACING + "LockProtocol";
    static final String SWAP = TRACING + "SwapProtocol";
    static final String GRAD = TRACING + "GradProtocol";
    static final String APPLY_MODULE = TRACING + "ApplyModuleProtocol";
    static final String BRIDGE = TRACING + "BridgeProtocol";
    static final String EARLY_STOP = TRACING + "EarlyStopProtocol";
    static final String CONDITIONAL = TRACING + "ConditionalProtocol";
    static final String EXECUTE = TRACING + "LocalBackendExecuteProtocol";
    static final String VALUE = TRACING + "ValueProtocol";
    static final String UPDATE = TRACING + "UpdateProtocol";

    private Protocols() {}
}
