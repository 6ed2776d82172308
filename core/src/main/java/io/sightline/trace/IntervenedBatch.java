package io.sightline.trace;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Place;
import io.sightline.interleave.Capture;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.Results;
import io.sightline.interleave.RunnableModel;
import io.sightline.intervene.BatchEdits;
import io.sightline.intervene.Intervention;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of ids with interventions of their own, without a graph. */
record IntervenedBatch(List<long[]> ids, List<List<Intervention>> interventions) {
    private static final Block.Trace NO_GRAPH = new Block.Trace(Map.of(), List.of(), new Graph(0, false, List.of()));

    /** The logits of each row's last token, in the current scope. */
    Tensor lastLogits(RunnableModel model) {
        BatchEdits edits = new BatchEdits(
                interventions, ids.stream().map(row -> row.length).toList());
        @Nullable Tensor[] last = new Tensor[1];
        Capture logits = new Capture(
                Place.output(""),
                (value, call) ->
                        last[0] = value.select(1, value.size(1) - 1).copy().release());
        try (Scope scope = Scope.open();
                Results results = Interleaver.forBatches(NO_GRAPH, model)
                        .run(model.prepare(List.of(Map.of(TokenRows.IDS, ids))), List.of(logits), edits)) {
            Tensor kept = Objects.requireNonNull(last[0]);
            scope.moveToParent(kept);
            return kept;
        }
    }
}
