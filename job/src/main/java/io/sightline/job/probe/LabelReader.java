package io.sightline.job.probe;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.sightline.job.config.ConfigException;
import io.sightline.job.probe.fit.Part;
import io.sightline.job.table.Columns;
import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** Reads the labels of a run's prompts to the driver and decides what each prompt is used for. */
final class LabelReader {
    private static final int FIRST_LABEL = 3;

    private final ProbeFile file;

    LabelReader(ProbeFile file) {
        this.file = file;
    }

    /**
     * @param prompts the run's prompts table
     * @throws ConfigException if a label's column does not exist, has a type that is not supported, or its condition is not SQL over this table
     */
    RunLabels read(String run, Dataset<Row> prompts) {
        Dataset<Row> chosen = prompts.select(columns(prompts));
        List<Row> rows = new ArrayList<>(chosen.collectAsList());
        rows.sort(Comparator.comparing((Row row) -> row.getString(0)));
        Map<String, Integer> numbers = new HashMap<>();
        rows.forEach(row -> numbers.put(row.getString(0), numbers.size()));
        if (numbers.size() < rows.size()) {
            throw new ConfigException("run '" + run + "': prompt_id is not unique in the prompts table");
        }
        PromptContents contents = PromptContents.of(hashes(rows, 1), hashes(rows, 2));
        Splitter splitter = new Splitter(file.split(), contents);
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < file.labels().size(); i++) {
            DataType type = chosen.schema().apply(FIRST_LABEL + i).dataType();
            @Nullable Object[] values = values(rows, FIRST_LABEL + i);
            labels.add(label(file.labels().get(i), new LabelColumn(type, values), splitter));
        }
        return new RunLabels(run, numbers, contents, labels);
    }

    private Column[] columns(Dataset<Row> prompts) {
        List<String> names = Arrays.asList(prompts.columns());
        Column text = col(Columns.TEXT).cast("string");
        Column ids = col(Columns.INPUT_IDS);
        List<Column> columns = new ArrayList<>();
        columns.add(col(Columns.PROMPT_ID).cast("string"));
        columns.add(names.contains(Columns.TEXT) ? hash(text, length(text)) : lit(0L));
        columns.add(names.contains(Columns.INPUT_IDS) ? hash(ids, size(ids)) : lit(0L));
        for (int i = 0; i < file.labels().size(); i++) {
            columns.add(labelColumn(file.labels().get(i), names, prompts).as("label_" + i));
        }
        return columns.toArray(new Column[0]);
    }

    private static Column hash(Column content, Column size) {
        return coalesce(when(size.gt(0), xxhash64(content)), lit(0L));
    }

    private static Column labelColumn(ProbeFile.LabelRequest label, List<String> names, Dataset<Row> prompts) {
        if (!names.contains(label.column())) {
            throw new ConfigException("label '" + label.name() + "': the prompts table has no column '" + label.column()
                    + "'" + Nearest.hint(label.column(), names) + " (it has " + String.join(", ", names)
                    + "; a run carries the columns of its job file's prompts.keep)");
        }
        DataType type = prompts.schema().apply(label.column()).dataType();
        if (!LabelColumn.isSupported(type)) {
            throw new ConfigException("label '" + label.name() + "': column '" + label.column() + "' is "
                    + type.simpleString() + "; a label is a string, a boolean or a number");
        }
        Column column = prompts.col("`" + label.column() + "`");
        return label.where() == null ? column : when(condition(label, prompts), column);
    }

    private static Column condition(ProbeFile.LabelRequest label, Dataset<Row> prompts) {
        try {
            Column condition = expr(String.valueOf(label.where()));
            prompts.filter(condition);
            return condition;
        } catch (Exception e) {
            // Scala's AnalysisException and ParseException are checked exceptions that no signature declares.
            if (e instanceof AnalysisException) {
                throw new ConfigException("label '" + label.name() + "': where: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private static long[] hashes(List<Row> rows, int column) {
        return rows.stream().mapToLong(row -> row.getLong(column)).toArray();
    }

    private static @Nullable Object[] values(List<Row> rows, int column) {
        @Nullable Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.get(i).get(column);
        }
        return values;
    }

    private Label label(ProbeFile.LabelRequest request, LabelColumn column, Splitter splitter) {
        Task task = request.task() == Task.AUTO ? column.natural() : request.task();
        String refusal = column.refusal(task);
        if (refusal != null) {
            return Label.refused(request.name(), task, column.valueOfPrompt().length, refusal);
        }
        boolean numbers = task == Task.REGRESSION;
        int[] classes = numbers ? new int[0] : column.classOfPrompt();
        double[] values = numbers ? column.valueOfPrompt() : new double[0];
        Label.Split split = splitter.split(numbers ? column.binOfPrompt() : classes);
        return new Label(
                request.name(),
                task,
                numbers ? List.of() : column.classes(),
                classes,
                values,
                split,
                file.control() == ProbeFile.Control.NONE
                        ? null
                        : shuffled(splitter.shuffledSources(split), classes, values),
                emptyPart(split, column.labelled()));
    }

    private static Label.Shuffled shuffled(int[] sources, int[] classes, double[] values) {
        int[] otherClasses = new int[classes.length];
        Arrays.setAll(otherClasses, p -> sources[p] < 0 ? -1 : classes[sources[p]]);
        double[] otherValues = new double[values.length];
        Arrays.setAll(otherValues, p -> sources[p] < 0 ? Double.NaN : values[sources[p]]);
        return new Label.Shuffled(otherClasses, otherValues);
    }

    private @Nullable String emptyPart(Label.Split split, int labelled) {
        boolean test = false;
        boolean validation = file.split().folds() > 0 || file.split().validation() == 0;
        for (int prompt = 0; prompt < split.parts().length; prompt++) {
            test |= split.partOf(prompt) == Part.TEST;
            validation |= split.partOf(prompt) == Part.VALIDATION;
        }
        if (test && validation) {
            return null;
        }
        return labelled
                + " labelled prompts are too few to divide: with at least one of each class to train on, none is left to "
                + (test ? "validate" : "test") + " on";
    }
}
