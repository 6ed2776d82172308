package io.sightline.graph;

/** What can be done with each kind of {@link Value}. */
public interface ValueVisitor<R> {
    R reference(Value.NodeReference reference);

    R constant(Value.Constant constant);

    R integer(Value.IntValue integer);

    R floating(Value.FloatValue floating);

    R string(Value.StringValue string);

    R slice(Value.SliceValue slice);

    R list(Value.ListValue list);

    R tuple(Value.TupleValue tuple);

    R dict(Value.DictValue dict);

    R function(Value.FunctionValue function);

    R tensor(Value.TensorValue tensor);
}
