package io.sightline.job.ml;

import io.sightline.job.extract.PromptVectors;
import io.sightline.job.extract.VectorPlan;
import io.sightline.job.extract.VectorStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** One partition's rows, each with its vectors appended. */
final class ExtractPartition implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final VectorPlan plan;
    private final int input;
    private final boolean byIds;
    private final int columns;
    private final OutputColumns.Shape shape;
    private final String handleInvalid;

    /**
     * @param input the input column's index
     * @param byIds whether it holds token ids, not text
     * @param columns how many columns of vectors there are
     */
    ExtractPartition(
            VectorPlan plan, int input, boolean byIds, int columns, OutputColumns.Shape shape, String handleInvalid) {
        this.plan = plan;
        this.input = input;
        this.byIds = byIds;
        this.columns = columns;
        this.shape = shape;
        this.handleInvalid = handleInvalid;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Iterator<VectorStream.Result<Row>> results =
                plan.stream(rows, row -> byIds ? null : row.getString(input), row -> byIds ? row.get(input) : null);
        Stream<VectorStream.Result<Row>> wanted =
                StreamSupport.stream(Spliterators.spliteratorUnknownSize(results, Spliterator.ORDERED), false);
        if (handleInvalid.equals(ExtractorParams.SKIP)) {
            wanted = wanted.filter(result -> result.vectors().problem() == null);
        }
        return wanted.map(result -> row(result.row(), result.vectors())).iterator();
    }

    private Row row(Row before, PromptVectors vectors) {
        String problem = vectors.problem();
        if (problem != null && handleInvalid.equals(ExtractorParams.ERROR)) {
            throw new IllegalStateException("no activations for " + shown(before.get(input)) + ": " + problem
                    + "; fix the row, or set handleInvalid to keep or skip");
        }
        List<@Nullable Object> values = new ArrayList<>(before.size() + columns + 1);
        for (int i = 0; i < before.size(); i++) {
            values.add(before.get(i));
        }
        for (int i = 0; i < columns; i++) {
            values.add(problem == null ? shape.value(vectors.rows()[i]) : null);
        }
        if (handleInvalid.equals(ExtractorParams.KEEP)) {
            values.add(problem);
        }
        return RowFactory.create(values.toArray());
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        return "the row '" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
    }
}
