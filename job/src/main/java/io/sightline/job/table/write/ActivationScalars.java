package io.sightline.job.table.write;

import io.sightline.job.table.Columns;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an activations row group beside the vectors. Modules that are captured alike have row groups that differ in the module
 * alone, so the columns that say which row is which are encoded once and written again for as long as they fit.
 */
final class ActivationScalars {
    private static final List<String> FIRST = List.of(Columns.PROMPT_ID);
    private static final List<String> OF_GROUP = List.of(Columns.NAME, Columns.MODULE, Columns.LAYER, Columns.IO);
    private static final List<String> OF_ROW = List.of(Columns.STEP, Columns.POSITION, Columns.TOKEN_ID, Columns.TOKEN);

    private final PageFile page;
    private final TokenTexts texts = new TokenTexts();
    private @Nullable Encoded encoded;

    ActivationScalars(PageFile page) {
        this.page = page;
    }

    /** What a run's rows are called, whichever group they are of. */
    private record RowNames(PromptRef prompt, int step, TokenSpan tokens, int rows) {}

    private record Encoded(List<RowNames> rows, ScalarColumns prompts, ScalarColumns others) {}

    /** Writes every column that stands before the vector. */
    void write(ActivationGroup group, List<ActivationRun> runs) throws IOException {
        Encoded known = encoded(runs.stream()
                .map(run -> new RowNames(
                        run.prompt(), run.step(), run.tokens(), run.rows().rows()))
                .toList());
        known.prompts().writeTo(page.file());
        ofGroup(group, runs).writeTo(page.file());
        known.others().writeTo(page.file());
    }

    /** Writes column {@code name}, null in every row. */
    void writeNulls(String name, long rows) throws IOException {
        ScalarColumns nulls = columns(List.of(name));
        ColumnWriter column = nulls.column(name);
        for (long i = 0; i < rows; i++) {
            column.writeNull(0, 0);
            nulls.endRow();
        }
        nulls.end().writeTo(page.file());
    }

    private ScalarColumns columns(List<String> names) {
        return new ScalarColumns(page.schema(), names, page.compressor());
    }

    private Encoded encoded(List<RowNames> rows) {
        Encoded known = encoded;
        if (known == null || !known.rows().equals(rows)) {
            known = new Encoded(rows, prompts(rows), others(rows));
            encoded = known;
        }
        return known;
    }

    private ScalarColumns prompts(List<RowNames> runs) {
        ScalarColumns columns = columns(FIRST);
        ColumnWriter promptId = columns.column(Columns.PROMPT_ID);
        for (RowNames run : runs) {
            Binary id = Binary.fromString(run.prompt().id());
            for (int row = 0; row < run.rows(); row++) {
                promptId.write(id, 0, 0);
                columns.endRow();
            }
        }
        return columns.end();
    }

    private ScalarColumns ofGroup(ActivationGroup group, List<ActivationRun> runs) {
        ScalarColumns columns = columns(OF_GROUP);
        ColumnWriter name = columns.column(Columns.NAME);
        ColumnWriter module = columns.column(Columns.MODULE);
        ColumnWriter layer = columns.column(Columns.LAYER);
        ColumnWriter io = columns.column(Columns.IO);
        Binary nameText = Binary.fromString(group.name());
        Binary moduleText = Binary.fromString(group.module());
        Binary ioText = Binary.fromString(group.io());
        Integer number = group.layer();
        long rows = runs.stream().mapToLong(run -> run.rows().rows()).sum();
        for (long row = 0; row < rows; row++) {
            name.write(nameText, 0, 0);
            module.write(moduleText, 0, 0);
            if (number == null) {
                layer.writeNull(0, 0);
            } else {
                layer.write(number.intValue(), 0, 1);
            }
            io.write(ioText, 0, 0);
            columns.endRow();
        }
        return columns.end();
    }

    private ScalarColumns others(List<RowNames> runs) {
        ScalarColumns columns = columns(OF_ROW);
        ColumnWriter step = columns.column(Columns.STEP);
        TokenColumns tokens = new TokenColumns(columns);
        for (RowNames run : runs) {
            @Nullable Binary @Nullable [] tokenTexts = texts.of(run.tokens());
            for (int row = 0; row < run.rows(); row++) {
                step.write(run.step(), 0, 0);
                tokens.write(run.tokens(), row, tokenTexts);
                columns.endRow();
            }
        }
        return columns.end();
    }

    /** Position, id and spelling of a row's token. */
    private static final class TokenColumns {
        private final ColumnWriter position;
        private final ColumnWriter tokenId;
        private final ColumnWriter token;

        TokenColumns(ScalarColumns columns) {
            position = columns.column(Columns.POSITION);
            tokenId = columns.column(Columns.TOKEN_ID);
            token = columns.column(Columns.TOKEN);
        }

        void write(TokenSpan tokens, int row, @Nullable Binary @Nullable [] texts) {
            if (tokens.isPooled()) {
                position.writeNull(0, 0);
            } else {
                position.write(tokens.positionOf(row), 0, 1);
            }
            if (tokens.ids() == null) {
                tokenId.writeNull(0, 0);
            } else {
                tokenId.write(tokens.ids()[tokens.from() + row], 0, 1);
            }
            ScalarColumns.write(token, texts == null ? null : texts[tokens.from() + row]);
        }
    }
}
