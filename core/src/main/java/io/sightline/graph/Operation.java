package io.sightline.graph;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a node does: one of nnsight's protocols, or the call of a function. */
public sealed interface Operation extends Serializable {
    <R> R accept(OperationVisitor<R> visitor);

    /**
     * The value at a place ({@code InterventionProtocol}).
     *
     * @param batchGroup which invoke's rows, in the order of the invokes; -1 for all rows
     * @param call which call of the module, from 0: generation steps, or a module that is called twice
     */
    record Intervention(Place place, int batchGroup, int call) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.intervention(this);
        }
    }

    /** Keeps a node's value after the run ({@code LockProtocol}): {@code save()}. */
    record Lock(Value node) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.lock(this);
        }
    }

    /** Puts {@code value} in the place of an Intervention's or Grad's value ({@code SwapProtocol}). */
    record Swap(Value.NodeReference target, Value value) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.swap(this);
        }
    }

    /** The gradient of a node's tensor in the {@code backward}th backward pass, from 0 ({@code GradProtocol}). */
    record Grad(Value.NodeReference node, int backward) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.grad(this);
        }
    }

    /**
     * Calls a module of the model ({@code ApplyModuleProtocol}).
     *
     * @param path the module's path without leading dot
     * @param kwargs as on the wire, without {@code hook}
     * @param hooked whether the module's hooks run too, so that its places can be read and set
     */
    record ApplyModule(String path, List<Value> args, Map<String, Value> kwargs, boolean hooked) implements Operation {
        public ApplyModule {
            args = List.copyOf(args);
            kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        }

        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.applyModule(this);
        }
    }

    /** The value kept by a Lock node of a graph around this one ({@code BridgeProtocol}). */
    record Bridge(long graphId, String lockNode) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.bridge(this);
        }
    }

    /** Ends the forward pass, or a sequential graph, early ({@code EarlyStopProtocol}); {@code args} are what it waits for. */
    record EarlyStop(List<Value> args) implements Operation {
        public EarlyStop {
            args = List.copyOf(args);
        }

        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.earlyStop(this);
        }
    }

    /** Nodes whose condition this is run only where the value is true ({@code ConditionalProtocol}). */
    record Conditional(Value condition) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.conditional(this);
        }
    }

    /** Runs a trace or a loop inside a session or a loop ({@code LocalBackendExecuteProtocol}). */
    record Execute(Block block) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.execute(this);
        }
    }

    /** The current item of the loop whose graph this is in ({@code ValueProtocol}). */
    record LoopItem(Value initial) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.loopItem(this);
        }
    }

    /** Gives a node (through a Bridge, a node of a graph around) another value ({@code UpdateProtocol}). */
    record Update(Value.NodeReference node, Value value) implements Operation {
        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.update(this);
        }
    }

    /** Calls a function by its name on the wire, {@code _operator.add}. */
    record Call(String function, List<Value> args, Map<String, Value> kwargs) implements Operation {
        public Call {
            args = List.copyOf(args);
            kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        }

        @Override
        public <R> R accept(OperationVisitor<R> visitor) {
            return visitor.call(this);
        }
    }
}
